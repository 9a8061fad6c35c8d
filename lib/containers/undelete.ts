import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofContainer, ofTenant } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { Undelete } from '#lib/contract/rest.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { lostCopies } from '#lib/db/schema/hosts.ts';
import { present } from '#lib/operations/find.ts';
import { enqueueOperation, insertOperation } from '#lib/operations/insert.ts';
import { needOf } from '#lib/resellers/quota.ts';
import { refuseBeyondQuota } from '#lib/resellers/refuse.ts';
import type { Alongside } from './create.ts';
import { type ContainerFacts, type ContainerRow, containerFacts } from './facts.ts';
import { placeContainer } from './place.ts';
import { refuseBeyondPlan } from './plan-limits.ts';
import { asPortal, moveForwards } from './ports.ts';

/**
 * Has a deleted container back from a complete backup, under its id, name, address and ports, with the limits it had. Throws `state` when
 * its time is over or no backup is left, `held`, `busy`, `plan_limit` when the tenant may have no more of the plan, `quota_limit`, `conflict` when
 * another container has the name, and where it would get another address (its server does not answer, is gone, or has no
 * room) unless that is accepted.
 */
export async function undeleteContainer(
  actor: Actor,
  id: string,
  input: z.infer<typeof Undelete>,
  alongside: Alongside = {},
): Promise<Operation> {
  authorize(actor, 'container.undelete');
  const decided = await asActor(actor, async (tx) => {
    await alongside.before?.(tx);
    const facts = await containerFacts(tx, id, { lock: true });
    if (facts === undefined) throw new BerthError('not_found');
    const { container, plan } = facts;
    authorize(actor, 'container.undelete', ofContainer(container));
    // It takes a place of the tenant's, which whoever reaches a part of it cannot count.
    if (!hasPermission(actor, 'container.undelete', ofTenant(container.tenantId))) throw new BerthError('forbidden');
    const was = refuseUnlessRecoverable(facts);
    const backup = await chosenBackup(tx, id, input.backupId);
    await refuseBeyondPlan(tx, container.tenantId, plan);
    const { tenantId } = container;
    const reseller = await refuseBeyondQuota(tx, actor, { tenantId, next: needOf(container.resources, plan) });
    const among = reseller?.hostIds ?? null;
    const hostId = await hostFor(tx, container, input.acceptNewAddress, among);
    const name = input.name ?? container.name;
    const [row] = await tx
      .update(containers)
      .set({
        ...comingBack({ hostId, name }),
        desired: input.start ? 'running' : 'stopped',
        generation: sql`${containers.generation} + 1`,
      })
      .where(eq(containers.id, id))
      .returning();
    if (row === undefined) throw new Error('the row just locked is gone');
    await moveForwards(tx, row);
    const operation = await insertOperation(tx, actor, {
      kind: 'undelete',
      tenantId: row.tenantId,
      container: row,
      hostId,
      generation: row.generation,
      input: {
        ...{ backupId: backup.id, anyAddress: input.acceptNewAddress, start: input.start, name, was },
      },
    });
    await alongside.after?.(tx, { containerId: id, operationId: operation.id });
    return { operation, shown: await present(tx, actor, operation) };
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'containers_name')) throw error;
    throw new BerthError('conflict', 'Another container has its name by now. Give it another one.', {
      issues: [{ path: 'name', message: 'is taken' }],
      cause: error,
    });
  });
  await enqueueOperation(decided.operation);
  return decided.shown;
}

/** What a row is while its container comes back. */
export function comingBack({ hostId, name }: { hostId: string; name: string }) {
  const unseen = { observedPower: null, observedAt: null, observedSince: null, observedBootId: null, usage: null };
  return { hostId, name, volumeId: uuidv7(), deletedAt: null, lostAt: null, createdOnHostAt: null, ...unseen };
}

/** Throws unless it is deleted and can be had back; else gives what its row is. */
export function refuseUnlessRecoverable({ container, holds, active }: ContainerFacts) {
  const { deletedAt, undeleteUntil } = container;
  const holder = active.find((one) => one.lock === 'exclusive');
  if (holder !== undefined) {
    throw new BerthError(holder.kind === 'undelete' ? 'already' : 'busy', undefined, { operationId: holder.id });
  }
  if (deletedAt === null) throw new BerthError('state', 'It is not deleted.');
  if (undeleteUntil === null || undeleteUntil <= new Date()) {
    throw new BerthError('state', 'It cannot be had back any more.');
  }
  if (holds.length > 0) {
    throw new BerthError('held', `Not while there is a hold (${holds.map((hold) => hold.reason).join(', ')}).`);
  }
  const { hostId, name, address, volumeId, lostAt } = container;
  return {
    hostId,
    name,
    address,
    volumeId,
    deletedAt: deletedAt.toISOString(),
    undeleteUntil: undeleteUntil.toISOString(),
    ...(lostAt === null ? {} : { lostAt: lostAt.toISOString() }),
  };
}

/** Locked against deletion until the transaction ends; from then on the operation is seen to read it. */
async function chosenBackup(tx: Tx, containerId: string, wished: string | undefined) {
  const [row] = await tx
    .select()
    .from(backups)
    .where(
      and(
        eq(backups.containerId, containerId),
        eq(backups.state, 'complete'),
        wished === undefined ? undefined : eq(backups.id, wished),
      ),
    )
    .orderBy(desc(backups.createdAt), desc(backups.id))
    .limit(1)
    .for('update');
  if (row !== undefined) return row;
  if (wished !== undefined) throw new BerthError('not_found', 'It has no such complete backup.');
  throw new BerthError('state', 'It has no complete backup any more.', {
    remedy: 'If one was deleted, have that back first.',
  });
}

/** Its own, where its address is kept; another only for whom a new address will do. */
async function hostFor(
  tx: Tx,
  { id, hostId, resources, address }: ContainerRow,
  acceptOther: boolean,
  among: readonly string[] | null,
): Promise<string> {
  if (address === null && !acceptOther) {
    throw new BerthError('conflict', 'Its address went along when it was handed over; it would get another one.', {
      remedy: 'Accept a new address (acceptNewAddress).',
      issues: [{ path: 'acceptNewAddress', message: 'it would get another address' }],
    });
  }
  const { diskBytes } = resources;
  // A host that was lost and came back may have the old one still, which is never touched.
  const except = await asPortal(tx, () => hostsWithCopies(tx, id));
  try {
    return (await placeContainer(tx, { hostId, diskBytes, among, except })).id;
  } catch (error) {
    if (!(error instanceof BerthError)) throw error;
    if (acceptOther) return (await placeContainer(tx, { diskBytes, among, except })).id;
    const why = except.includes(hostId)
      ? 'is lost'
      : error.code === 'no_space'
        ? 'has not enough room'
        : 'does not answer';
    throw new BerthError('conflict', `The server it was on ${why}; on another one it gets another address.`, {
      remedy: 'Accept a new address (acceptNewAddress), or try again later.',
      issues: [{ path: 'acceptNewAddress', message: 'it would get another address' }],
      cause: error,
    });
  }
}

async function hostsWithCopies(tx: Tx, containerId: string): Promise<string[]> {
  const rows = await tx
    .select({ hostId: lostCopies.hostId })
    .from(lostCopies)
    .where(and(eq(lostCopies.containerId, containerId), isNull(lostCopies.missingAt)));
  return rows.map((row) => row.hostId);
}
