import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { backups } from '#lib/db/schema/backups.ts';
import { containerChanged, type Work, type Workflow } from './work.ts';

export const BackupDeleteInput = z.object({ backupId: z.string(), was: z.enum(['complete', 'failed', 'running']) });
const input = (work: Work) => BackupDeleteInput.parse(work.operation.input);

/**
 * backup-delete: one step on the host that reaches the location. A failure leaves the backup as it
 * was; if nobody can say how far it came, nobody may rely on the backup any more, and it can only be deleted again.
 */
export const backupDelete: Workflow<'backup-delete'> = {
  kind: 'backup-delete',
  steps: {
    forget: {
      actions: async (tx, work) => {
        const [row] = await tx
          .select()
          .from(backups)
          .where(eq(backups.id, input(work).backupId));
        if (row === undefined) return [];
        const { repository, secrets } = await work.repositoryOf(tx, row.tenantId);
        const { id: backupId, resticSnapshotId } = row;
        return [{ verb: 'backup.delete', args: { repository, resticSnapshotId, backupId }, secrets }];
      },
      done: async (tx, work) => {
        await tx
          .update(backups)
          .set({ state: 'deleted' })
          .where(eq(backups.id, input(work).backupId));
        return undefined;
      },
    },
  },
  failed: async (tx, work, { uncertain }) => {
    const { backupId, was } = input(work);
    const state = uncertain ? 'failed' : was;
    await tx.update(backups).set({ state }).where(eq(backups.id, backupId));
  },
  events: (work) => containerChanged(work).map((event) => ({ ...event, type: 'backup' as const })),
};
