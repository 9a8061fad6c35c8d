import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { BerthError } from '#lib/contract/errors.ts';
import { RestoreOrder } from '#lib/contract/files.ts';
import { Digest } from '#lib/contract/ids.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containerChanged, resultOf, type Work, type Workflow } from './work.ts';

export const RestoreFilesInput = z.object({
  backupId: z.string(),
  volumeId: z.string(),
  layers: z.array(Digest),
  order: RestoreOrder,
});
const input = (work: Work) => RestoreFilesInput.parse(work.operation.input);

/**
 * restore-files: fetch (the backup into a volume beside) → copy (what is wanted, into the container as it runs) → tidy (the
 * volume goes). Undo of fetch deletes the volume. The copy has no undo: what it replaces lies in the trash.
 */
export const restoreFiles: Workflow<'restore-files'> = {
  kind: 'restore-files',
  steps: {
    fetch: {
      actions: async (tx, work) => {
        const { backupId, volumeId, layers } = input(work);
        const [row] = await tx.select().from(backups).where(eq(backups.id, backupId));
        if (row === undefined || row.state !== 'complete' || row.resticSnapshotId === null) {
          throw new BerthError('state', 'The backup is not there any more.');
        }
        const { repository, secrets } = await work.repositoryOf(tx, row);
        const args = { volumeId, repository, resticSnapshotId: row.resticSnapshotId, layers };
        return [{ verb: 'volume.restore', args, secrets }];
      },
      undo: async (_tx, work) => [{ verb: 'volume.delete', args: { volumeId: input(work).volumeId }, secrets: {} }],
    },
    copy: {
      actions: async (_tx, work) => {
        const { volumeId, layers, order } = input(work);
        return [{ verb: 'files.restore', args: { volumeId, layers, order }, secrets: {} }];
      },
      done: async (_tx, work) => {
        const { restored, same, left } = resultOf(work, 'files.restore');
        return { restored, same, left };
      },
    },
    tidy: {
      lenient: true,
      actions: async (_tx, work) => [{ verb: 'volume.delete', args: { volumeId: input(work).volumeId }, secrets: {} }],
    },
  },
  events: containerChanged,
};
