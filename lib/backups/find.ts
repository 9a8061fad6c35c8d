import { eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { type ContainerFacts, containerFacts } from '#lib/containers/facts.ts';
import type { Backup } from '#lib/contract/backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { presentBackup, selectBackups } from './present.ts';

export type BackupRow = typeof backups.$inferSelect;

/**
 * A backup that this person may know of and may do this to, with its container, which may be deleted. Both are locked until the
 * transaction ends, the container first. Throws `not_found` for one that is gone, too.
 */
export async function backupFor(
  tx: Tx,
  actor: Actor,
  id: string,
  permission: Permission,
): Promise<{ row: BackupRow; facts: ContainerFacts }> {
  const [found] = await tx.select({ containerId: backups.containerId }).from(backups).where(eq(backups.id, id));
  const facts = found === undefined ? undefined : await containerFacts(tx, found.containerId, { lock: true });
  const [row] = await tx.select().from(backups).where(eq(backups.id, id)).for('update');
  if (facts === undefined || row === undefined || row.state === 'deleted') throw new BerthError('not_found');
  authorize(actor, permission, row);
  return { row, facts };
}

/**
 * The same where an operation is asked for: nothing is locked yet, because the operation locks its container first and then prepares
 * itself with {@link completeBackup}.
 */
export async function backupToUse(actor: Actor, id: string, permission: Permission): Promise<BackupRow> {
  return await asActor(actor, async (tx) => {
    const [row] = await tx.select().from(backups).where(eq(backups.id, id));
    if (row === undefined || row.state === 'deleted') throw new BerthError('not_found');
    authorize(actor, permission, row);
    return row;
  });
}

/** A backup to restore from, locked until the transaction ends. Throws `state` for one that is not, or no longer, complete. */
export async function completeBackup(
  tx: Tx,
  id: string,
  lock: 'share' | 'update',
): Promise<BackupRow & { template: NonNullable<BackupRow['template']> }> {
  const [row] = await tx.select().from(backups).where(eq(backups.id, id)).for(lock);
  if (row === undefined || row.state !== 'complete' || row.template === null) {
    throw new BerthError('state', 'Only a complete backup can be restored.');
  }
  return { ...row, template: row.template };
}

export async function shownBackup(tx: Tx, id: string): Promise<Backup> {
  const [row] = await selectBackups(tx).where(eq(backups.id, id));
  if (row === undefined) throw new BerthError('not_found');
  return presentBackup(row, true);
}
