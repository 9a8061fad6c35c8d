import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { type ContainerFacts, containerFacts } from '#lib/containers/facts.ts';
import { refuseBeyondPlan } from '#lib/containers/plan-limits.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { AcceptHandover, Handover, HandoverInput } from '#lib/contract/handovers.ts';
import { activeOperationStates, permitted } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import { enqueueOperation, insertOperation } from '#lib/operations/insert.ts';
import { actorOf } from '#lib/people/actor.ts';
import { needOf, resellerOf } from '#lib/resellers/quota.ts';
import { refuseBeyondQuota, refuseForeignPlan, refuseForeignTemplate } from '#lib/resellers/refuse.ts';
import { record, refuseUnless } from './decide.ts';
import { acrossResellers } from './policy.ts';
import { between, type HandoverRow, handoverFor, presentHandover } from './present.ts';

/**
 * Takes an offered container over: counts it against what the receiving account and its reseller may have, and asks for the operation that
 * carries it out. Of any number who accept at once, one does. Throws `plan_limit`, `quota_limit`, `not_found` for a plan or template that the
 * account may not have, `conflict` when it has another container of the name, `busy`, `state`, `held`.
 */
export async function acceptHandover(
  actor: UserActor,
  id: string,
  input: z.infer<typeof AcceptHandover>,
): Promise<Handover> {
  authorize(actor, 'handover.consent');
  const decided = await asActor(between, async (tx) => {
    const row = await handoverFor(tx, actor, id);
    const toTenantId = row.giverAt === null ? null : row.toTenantId;
    if (toTenantId === null) throw new BerthError('not_found');
    authorize(actor, 'handover.consent', ofTenant(toTenantId));
    refuseUnless(row, ['open']);
    await refuseUnlessGiven(tx, row);
    const facts = await containerFacts(tx, row.containerId, { lock: true });
    if (facts === undefined || facts.container.deletedAt !== null || facts.container.tenantId !== row.tenantId) {
      throw new BerthError('state', 'There is nothing left to take over.');
    }
    await refuseUnlessFree(tx, facts);
    await refuseHeld(tx, toTenantId);
    const name = input.name ?? facts.container.name;
    await refuseTaken(tx, toTenantId, name);
    await refuseBeyondLimits(tx, actor, facts, toTenantId);
    const { container } = facts;
    const generation = container.generation + 1;
    await tx.update(containers).set({ generation }).where(eq(containers.id, container.id));
    const wish: z.infer<typeof HandoverInput> = {
      ...{ handoverId: id, toTenantId, name },
      removeSshKeys: input.removeSshKeys && container.sshKeys.length > 0,
    };
    // The giver's until it has changed hands: its people see it run, and may cancel it.
    const operation = await insertOperation(tx, actor, {
      ...{ kind: 'handover', tenantId: row.tenantId, container, hostId: container.hostId, generation, input: wish },
    });
    const receiver = { receiverId: actor.userId, receiverName: actor.name, receiverAt: new Date() };
    await tx
      .update(handovers)
      .set({ ...receiver, state: 'moving', operationId: operation.id })
      .where(eq(handovers.id, id));
    await record(tx, actor, row, toTenantId, { accepted: true, name, removeSshKeys: wish.removeSshKeys });
    await publish(tx, { type: 'container', tenantId: toTenantId });
    return { operation, shown: await presentHandover(tx, actor, id) };
  }).catch((error: unknown) => {
    if (isUniqueViolation(error, 'operations_one_exclusive')) throw new BerthError('busy', undefined, { cause: error });
    throw error;
  });
  await enqueueOperation(decided.operation);
  return decided.shown;
}

/** The giver's consent is good for as long as whoever gave it still may. */
async function refuseUnlessGiven(tx: Tx, row: HandoverRow): Promise<void> {
  const by = await actorOf(tx, row.giverId);
  if (by !== undefined && hasPermission(by, 'handover.consent', ofTenant(row.tenantId))) return;
  throw new BerthError('state', 'Whoever consented for the giving account may not any more.', {
    remedy: 'Ask them for a new offer.',
  });
}

/** Not even work beside others, such as the upload of a backup, is under way: it would end with another account than it began with. */
async function refuseUnlessFree(tx: Tx, facts: ContainerFacts): Promise<void> {
  const { container, holds: held } = facts;
  const verdict = permitted('handover', facts);
  if (!verdict.allowed) throw new BerthError(held.length > 0 ? 'held' : 'state', verdict.reason);
  const active = await tx
    .select({ id: operations.id })
    .from(operations)
    .where(and(eq(operations.containerId, container.id), inArray(operations.state, [...activeOperationStates])))
    .limit(1);
  // Whose operation it is, is the giver's affair: it has no name here.
  if (active.length > 0) {
    throw new BerthError('busy', 'Something is being done to the container.', {
      remedy: 'Accept it again in a while.',
    });
  }
}

async function refuseHeld(tx: Tx, tenantId: string): Promise<void> {
  const rows = await tx
    .select({ id: holds.id })
    .from(holds)
    .where(and(eq(holds.tenantId, tenantId), isNull(holds.containerId), isNull(holds.liftedAt)));
  if (rows.length > 0) throw new BerthError('held', 'Not while there is a hold on your account.');
}

async function refuseTaken(tx: Tx, tenantId: string, name: string): Promise<void> {
  const rows = await tx
    .select({ id: containers.id })
    .from(containers)
    .where(and(eq(containers.tenantId, tenantId), eq(containers.name, name), isNull(containers.deletedAt)));
  if (rows.length > 0) {
    throw new BerthError('conflict', 'You have a container of this name. Give this one another.', {
      issues: [{ path: 'name', message: 'is taken' }],
    });
  }
}

/** Locked until the transaction ends, so that fifty who accept at once get what is left and no more. */
async function refuseBeyondLimits(
  tx: Tx,
  actor: UserActor,
  { container, plan }: ContainerFacts,
  toTenantId: string,
): Promise<void> {
  const [from, to] = [await resellerOf(tx, container.tenantId), await resellerOf(tx, toTenantId)];
  if (from !== to && !acrossResellers()) {
    throw new BerthError('state', 'Containers do not go from one provider’s customers to another’s here.');
  }
  await refuseForeignPlan(tx, toTenantId, plan).catch((error: unknown) => {
    if (!(error instanceof BerthError)) throw error;
    throw new BerthError('plan_limit', 'Its plan is not one that your account can have.', {
      remedy: 'Ask the giver to have it moved to another plan first.',
      cause: error,
    });
  });
  await refuseBeyondPlan(tx, toTenantId, plan);
  const need = needOf(container.resources, plan);
  const growth = { tenantId: toTenantId, next: need, ...(from === to ? { now: need } : {}) };
  const quota = await refuseBeyondQuota(tx, actor, growth);
  if (from === to) return;
  refuseForeignTemplate(quota, container.templateId);
  if (quota?.hostIds?.includes(container.hostId) === false) {
    throw new BerthError('quota_limit', 'Your account’s containers cannot be on the server that this one is on.');
  }
}
