import { and, eq, isNull, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofContainer, ofTenant } from '#lib/access/authorize.ts';
import { completeBackup } from '#lib/backups/find.ts';
import { chooseBackup, type LyingBackup, lyingBackups } from '#lib/backups/reach.ts';
import type { Undelete } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { heldReason } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
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
 * Has a deleted container back from a complete backup, under its id, name, address and ports, with the limits it had: the wished one, or the
 * newest that can be reached ({@link chooseBackup}); the operation says which. Throws `state` when its time is over or no backup is left or in reach,
 * `held`, `busy`, `plan_limit` when the tenant may have no more of the plan, `quota_limit`, `conflict` when another container has the name,
 * and where it would get another address (its server does not answer, is gone, or has no room) unless that is accepted.
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
    const found = await lyingBackups(tx, container);
    await refuseBeyondPlan(tx, container.tenantId, plan);
    const { tenantId } = container;
    const reseller = await refuseBeyondQuota(tx, actor, { tenantId, next: needOf(container.resources, plan) });
    const wish = await wishFor(tx, container, reseller?.hostIds ?? null);
    const own = await refusalOf(tx, { ...wish, hostId: container.hostId });
    const backup = chooseBackup(found, input.backupId, own === null ? container.hostId : null);
    const hostId = await hostFor(tx, { container, own, backup, wish, acceptOther: input.acceptNewAddress });
    // Against deletion until the transaction ends; from then on the operation is seen to read it.
    await completeBackup(tx, backup.id, 'update');
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
      result: { backupId: backup.id, backupName: backup.name, backupAt: backup.createdAt.toISOString() },
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
  if (holds.length > 0) throw new BerthError('held', heldReason(holds));
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

type Wish = Parameters<typeof placeContainer>[1];

async function wishFor(tx: Tx, container: ContainerRow, among: readonly string[] | null): Promise<Wish> {
  // A host that was lost and came back may have the old one still, which is never touched.
  const except = await asPortal(tx, () => hostsWithCopies(tx, container.id));
  return { diskBytes: container.resources.diskBytes, among, except };
}

/** Why it cannot be put there; null: it can. */
async function refusalOf(tx: Tx, wish: Wish): Promise<BerthError | null> {
  try {
    await placeContainer(tx, wish);
    return null;
  } catch (error) {
    if (error instanceof BerthError) return error;
    throw error;
  }
}

/**
 * Its own, where its address is kept. Another only for whom a new address will do: the one in whose directory the chosen backup lies, or
 * any. `own`: why it cannot be its own.
 */
async function hostFor(
  tx: Tx,
  asked: { container: ContainerRow; own: BerthError | null; backup: LyingBackup; wish: Wish; acceptOther: boolean },
): Promise<string> {
  const { container, own, backup, wish, acceptOther } = asked;
  const { hostId } = container;
  const other = backup.holder === null || backup.holder.id === hostId ? null : backup.holder;
  const holder = other !== null && (await refusalOf(tx, { ...wish, hostId: other.id })) === null ? other : null;
  if (acceptOther)
    return own === null && holder === null ? hostId : (holder?.id ?? (await placeContainer(tx, wish)).id);
  if (container.address === null) {
    throw newAddress('Its address went along when it was handed over; it would get another one.');
  }
  if (holder !== null) {
    throw newAddress(`That backup lies in a directory of ${holder.name}; there it gets another address.`);
  }
  if (own === null) return hostId;
  const why = wish.except?.includes(hostId)
    ? 'is lost'
    : own.code === 'no_space'
      ? 'has not enough room'
      : 'does not answer';
  throw newAddress(`The server it was on ${why}; on another one it gets another address.`, own);
}

function newAddress(said: string, cause?: BerthError): BerthError {
  const remedy = `Accept a new address (acceptNewAddress)${cause === undefined ? '' : ', or try again later'}.`;
  const issues = [{ path: 'acceptNewAddress', message: 'it would get another address' }];
  return new BerthError('conflict', said, { remedy, issues, cause });
}

async function hostsWithCopies(tx: Tx, containerId: string): Promise<string[]> {
  const rows = await tx
    .select({ hostId: lostCopies.hostId })
    .from(lostCopies)
    .where(and(eq(lostCopies.containerId, containerId), isNull(lostCopies.missingAt)));
  return rows.map((row) => row.hostId);
}
