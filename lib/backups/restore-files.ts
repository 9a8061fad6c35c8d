import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { RestoreFiles } from '#lib/contract/files.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { backupToUse, completeBackup } from './find.ts';

/** Puts files and folders of a backup back into the container, which goes on meanwhile. */
export async function restoreFilesOfBackup(
  actor: Actor,
  backupId: string,
  what: z.output<typeof RestoreFiles>,
): Promise<Operation> {
  authorize(actor, 'backup.restore');
  const backup = await backupToUse(actor, backupId, 'backup.restore');
  return await requestOperation(actor, {
    kind: 'restore-files',
    containerId: backup.containerId,
    prepare: async (tx) => {
      const row = await completeBackup(tx, backupId, 'share');
      const label = `backup of ${row.createdAt.toISOString().slice(0, 16).replace('T', ' ')}`;
      return { backupId, order: { ...what, label } };
    },
  });
}
