import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { Restore } from '#lib/contract/containers.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { releaseChoice } from '#lib/operations/make-room.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { backupToUse, completeBackup } from './find.ts';

/** Puts all files back as they were in a backup. The present files are kept for undo. */
export async function restoreBackup(
  actor: Actor,
  backupId: string,
  input: z.infer<typeof Restore> = {},
): Promise<Operation> {
  authorize(actor, 'backup.restore');
  const backup = await backupToUse(actor, backupId, 'backup.restore');
  return await requestOperation(actor, {
    kind: 'restore',
    containerId: backup.containerId,
    prepare: async (tx, { container }) => {
      const row = await completeBackup(tx, backupId, 'share');
      return {
        ...(await releaseChoice(tx, container.id, input.release)),
        backupId,
        volumeId: uuidv7(),
        templateId: row.templateId ?? container.templateId,
        template: row.template,
      };
    },
  });
}
