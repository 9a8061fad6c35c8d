import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { ContainerFacts } from '#lib/containers/facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { backupUse } from './use.ts';

type BackupRow = typeof backups.$inferSelect;
type Place = Pick<ContainerFacts, 'container' | 'plan'>;
const dayMs = 24 * 3_600_000;

/** For so many days a deleted backup of this container can be had back. */
export function deletedDays({ container, plan }: Place): number {
  return Math.min(container.deletedBackupDays ?? plan.deletedBackupDays, plan.deletedBackupDays);
}

export function recoverableUntil(place: Place, now = Date.now()): Date {
  return new Date(now + deletedDays(place) * dayMs);
}

/**
 * Makes sure that one more backup is inside the plan, by number and by bytes. At the limit it is refused (`plan_limit`), or, where the
 * container's setting says so, the oldest unprotected one is put among the deleted; its id is returned, for it comes back should the
 * new one fail. The caller has locked the container, so one asker counts at a time.
 *
 * What a backup will add is not known before it is made. So with a limit of bytes one is made at a time (`busy`), and the limit may
 * be overrun by one.
 */
export async function makeRoom(tx: Tx, actor: Actor, place: Place): Promise<string[]> {
  const { container, plan } = place;
  const use = await backupUse(tx, container);
  const [coming] = use.coming;
  if (plan.maxBackupBytes !== null && coming !== undefined) {
    throw new BerthError('busy', 'Another backup is being made; how much it adds is not known yet.', {
      operationId: coming,
    });
  }
  const beyond = limitReached(place, use);
  if (beyond === null) return [];
  if (container.atBackupLimit === 'refuse') throw beyond;
  const oldest = await oldestUnprotected(tx, container.id);
  if (oldest === undefined) throw refusal(beyond, 'No unprotected backup is left to make room.');
  await putAside(tx, actor, place, [oldest], 'backup.rotate');
  const still = limitReached(place, await backupUse(tx, container));
  if (still !== null) throw refusal(still, 'Letting the oldest one go would not free enough.');
  return [oldest.id];
}

/** Puts complete backups among the deleted, from where they can be had back ({@link comeBack}). */
export async function putAside(
  tx: Tx,
  actor: Actor,
  place: Place,
  rows: readonly BackupRow[],
  verb: 'backup.rotate' | 'backup.thin',
): Promise<void> {
  const { container } = place;
  for (const row of rows) {
    const values = {
      state: 'removed' as const,
      removedAt: new Date(),
      purgeAt: recoverableUntil(place),
    };
    await tx.update(backups).set(values).where(eq(backups.id, row.id));
    await writeAudit(tx, actor, {
      verb,
      tenantId: container.tenantId,
      targetKind: 'backup',
      targetId: row.id,
      targetName: container.name,
      detail: { name: row.name, madeAt: row.createdAt.toISOString(), recoverableUntil: values.purgeAt.toISOString() },
    });
  }
}

/**
 * Has those of these backups back that are among the deleted. Each counts again by what its going freed: where nothing was measured since, the
 * whole still holds it; else that is put on top until the next measuring.
 */
export async function comeBack(tx: Tx, containerId: string, ids: readonly string[]): Promise<void> {
  const back = await tx
    .update(backups)
    .set({ state: 'complete', removedAt: null, purgeAt: null })
    .where(and(eq(backups.containerId, containerId), inArray(backups.id, [...ids]), eq(backups.state, 'removed')))
    .returning();
  const outside = back.filter((row) => row.countedAt === null && row.freesBytes !== null);
  if (outside.length === 0) return;
  const bytes = outside.reduce((sum, row) => sum + (row.freesBytes ?? 0), 0);
  await tx
    .update(containers)
    .set({ backupBytes: sql`${containers.backupBytes} + ${bytes}` })
    .where(eq(containers.id, containerId));
  const these = inArray(
    backups.id,
    outside.map((row) => row.id),
  );
  await tx.update(backups).set({ countedAt: new Date() }).where(these);
}

/** The refusal if one more is too many; null while there is room. */
export function limitReached({ plan }: Place, use: { backups: number; bytes: number }): BerthError | null {
  const remedy = 'Delete an older backup first, or let the oldest one make room.';
  if (use.backups >= plan.maxBackups) {
    return new BerthError('plan_limit', `The plan "${plan.name}" allows ${plan.maxBackups} backups.`, { remedy });
  }
  if (plan.maxBackupBytes !== null && use.bytes >= plan.maxBackupBytes) {
    const mb = (value: number) => `${Math.round(value / 1024 ** 2)} MB`;
    const detail = `The backups take ${mb(use.bytes)}; the plan "${plan.name}" allows ${mb(plan.maxBackupBytes)}.`;
    return new BerthError('plan_limit', detail, { remedy });
  }
  return null;
}

function refusal(error: BerthError, remedy: string): BerthError {
  return new BerthError(error.code, error.detail, { remedy });
}

/** Locked, so that nobody deletes or restores it meanwhile; one that somebody has locked is passed over. */
async function oldestUnprotected(tx: Tx, containerId: string): Promise<BackupRow | undefined> {
  const [row] = await tx
    .select()
    .from(backups)
    .where(and(eq(backups.containerId, containerId), eq(backups.state, 'complete'), eq(backups.protected, false)))
    .orderBy(asc(backups.createdAt), asc(backups.id))
    .limit(1)
    .for('update', { skipLocked: true });
  return row;
}
