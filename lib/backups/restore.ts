import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { Restore } from '#lib/contract/rest.ts';
import { asActor } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { releaseChoice } from '#lib/operations/make-room.ts';
import { requestOperation } from '#lib/operations/request.ts';

/** Puts all files back as they were in a backup. The present files are kept for undo. */
export async function restoreBackup(
  actor: Actor,
  backupId: string,
  input: z.infer<typeof Restore> = {},
): Promise<Operation> {
  authorize(actor, 'backup.restore');
  const backup = await asActor(actor, async (tx) => {
    const [row] = await tx.select().from(backups).where(eq(backups.id, backupId));
    if (row === undefined || row.state === 'deleted') throw new BerthError('not_found');
    authorize(actor, 'backup.restore', row);
    return row;
  });
  return await requestOperation(actor, {
    kind: 'restore',
    containerId: backup.containerId,
    prepare: async (tx, { container }) => {
      const [row] = await tx.select().from(backups).where(eq(backups.id, backupId)).for('share');
      if (row === undefined || row.state !== 'complete' || row.template === null) {
        throw new BerthError('state', 'Only a complete backup can be restored.');
      }
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
