import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Actor, UserActor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { confirmPerson } from '#lib/auth/confirm-password.ts';
import { asPortal } from '#lib/containers/ports.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { refuseStale } from '#lib/http/edition.ts';
import { present } from '#lib/operations/find.ts';
import { enqueueOperation, insertOperation } from '#lib/operations/insert.ts';
import { backupFor } from './find.ts';
import { deletedDays, recoverableUntil } from './limits.ts';

/**
 * Deletes a backup. A complete one can be had back for as many days as plan and container say; others go at once. Throws `already`
 * when that is under way, `busy` while a restore or a test reads it, `state` for a protected one.
 */
export async function removeBackup(actor: Actor, backupId: string): Promise<Operation> {
  return await deletion(actor, backupId, 'soft');
}

/** Deletes one that is among the deleted for good, before its time. Asks who it is, for nothing brings it back. */
export async function purgeBackup(actor: UserActor, backupId: string, password: string): Promise<Operation> {
  await asActor(actor, (tx) => backupFor(tx, actor, backupId, 'backup.delete'));
  await confirmPerson(actor, password, 'password');
  return await deletion(actor, backupId, 'final');
}

export async function deletion(actor: Actor, backupId: string, how: 'soft' | 'final'): Promise<Operation> {
  authorize(actor, 'backup.delete');
  const decided = await asActor(actor, async (tx) => {
    const { row, facts } = await backupFor(tx, actor, backupId, 'backup.delete');
    const { container } = facts;
    await refuseStale('backup', async () => row);
    const user = await asPortal(tx, () => userOf(tx, backupId));
    if (row.state === 'deleting') {
      throw new BerthError('already', undefined, user === undefined ? {} : { operationId: user.id });
    }
    if (row.state === 'pending-prune' && (how === 'soft' || (await isAppendOnly(tx, row.repositoryId)))) {
      throw new BerthError('already', 'It is deleted, and waits at its location for a maintenance run.');
    }
    // Where a person has ended by hand what got stuck, nobody makes it any more.
    if (row.state === 'running' && (await isActive(tx, row.operationId))) {
      throw new BerthError('busy', 'It is being made.', { operationId: row.operationId });
    }
    if (user !== undefined)
      throw new BerthError('busy', 'A restore or a test is reading it.', { operationId: user.id });
    if (['removed', 'pending-prune'].includes(row.state) !== (how === 'final')) {
      throw new BerthError('state', how === 'final' ? 'Delete it first.' : 'It is deleted already.');
    }
    if (row.protected && how === 'soft') {
      throw new BerthError('state', 'It is protected.', { remedy: 'Take the protection off first.' });
    }
    const kept = row.state === 'complete' && deletedDays(facts) > 0;
    await tx.update(backups).set({ state: 'deleting' }).where(eq(backups.id, backupId));
    const operation = await insertOperation(tx, actor, {
      kind: 'backup-delete',
      tenantId: row.tenantId,
      container,
      hostId: await reachingHost(tx, container, row.repositoryId),
      generation: container.generation,
      input: {
        backupId,
        was: row.state,
        ...(kept ? { keepUntil: recoverableUntil(facts).toISOString() } : {}),
      },
    });
    return { operation, shown: await present(tx, actor, operation) };
  });
  await enqueueOperation(decided.operation);
  return decided.shown;
}

async function isActive(tx: Tx, operationId: string): Promise<boolean> {
  const [row] = await tx.select({ state: operations.state }).from(operations).where(eq(operations.id, operationId));
  return activeOperationStates.some((state) => state === row?.state);
}

async function isAppendOnly(tx: Tx, repositoryId: string): Promise<boolean> {
  const [row] = await tx
    .select({ appendOnly: backupLocations.appendOnly })
    .from(repositories)
    .innerJoin(backupLocations, eq(backupLocations.id, repositories.locationId))
    .where(eq(repositories.id, repositoryId));
  return row?.appendOnly !== false;
}

/**
 * What must have ended before a backup can go: its deletion, and whatever is left half done without it. Not `backup`, whose row says
 * that it is being made. Not `open-backup`: whoever looks in changes nothing, and holds no deletion up. Not `export`, `clone`, `rollback`, `undo` and
 * `recover`, which read the container's own disk. Not `backup-check`, of a whole repository: its host lets the two follow each other.
 */
const users = ['backup-delete', 'restore', 'restore-files', 'restore-into', 'undelete', 'backup-test'] as const;

/** The active operation that deletes or reads this backup, perhaps for another container. */
async function userOf(tx: Tx, backupId: string) {
  const [row] = await tx
    .select({ id: operations.id, kind: operations.kind })
    .from(operations)
    .where(
      and(
        inArray(operations.kind, [...users]),
        inArray(operations.state, [...activeOperationStates]),
        eq(sql`${operations.input}->>'backupId'`, backupId),
      ),
    );
  return row;
}

/** The host that deletes at a location: the container's, or when that is lost any other, unless the location is a directory. */
async function reachingHost(
  tx: Tx,
  { hostId, lostAt }: { hostId: string; lostAt: Date | null },
  repositoryId: string,
): Promise<string> {
  const [own] = await tx.select({ lostAt: hosts.lostAt }).from(hosts).where(eq(hosts.id, hostId));
  if (lostAt === null && (own === undefined || own.lostAt === null)) return hostId;
  const [location] = await tx
    .select({ kind: backupLocations.kind })
    .from(repositories)
    .innerJoin(backupLocations, eq(backupLocations.id, repositories.locationId))
    .where(eq(repositories.id, repositoryId));
  if (location === undefined || location.kind === 'directory') return hostId;
  const [other] = await tx
    .select({ id: hosts.id })
    .from(hosts)
    .where(
      and(
        ...[eq(hosts.status, 'ok'), isNull(hosts.lostAt), isNull(hosts.recordsWantedAt)],
        sql`${hosts.lastSeenAt} > now() - interval '30 s'`,
      ),
    )
    .orderBy(desc(hosts.lastSeenAt))
    .limit(1);
  return other?.id ?? hostId;
}
