import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { RestoreFiles } from '#lib/contract/files.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { asActor } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { requestOperation } from '#lib/operations/request.ts';

/** Puts files and folders of a backup back into the container, which goes on meanwhile. */
export async function restoreFilesOfBackup(
  actor: Actor,
  backupId: string,
  what: z.output<typeof RestoreFiles>,
): Promise<Operation> {
  authorize(actor, 'backup.restore');
  const backup = await asActor(actor, async (tx) => {
    const [row] = await tx.select().from(backups).where(eq(backups.id, backupId));
    if (row === undefined || row.state === 'deleted') throw new BerthError('not_found');
    authorize(actor, 'backup.restore', row);
    return row;
  });
  return await requestOperation(actor, {
    kind: 'restore-files',
    containerId: backup.containerId,
    prepare: async (tx) => {
      const [row] = await tx.select().from(backups).where(eq(backups.id, backupId)).for('share');
      if (row === undefined || row.state !== 'complete' || row.template === null) {
        throw new BerthError('state', 'Only a complete backup can be restored.');
      }
      const label = `backup of ${row.createdAt.toISOString().slice(0, 16).replace('T', ' ')}`;
      return { backupId, order: { ...what, label } };
    },
  });
}
