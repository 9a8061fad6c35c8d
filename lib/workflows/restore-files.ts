import { z } from 'zod';
import { RestoreOrder } from '#lib/contract/files.ts';
import { completeBackup } from './open-backup.ts';
import { containerChanged, resultOf, type Work, type Workflow } from './work.ts';

export const RestoreFilesInput = z.object({ backupId: z.string(), order: RestoreOrder });
const input = (work: Work) => RestoreFilesInput.parse(work.operation.input);

/** restore-files: copy (what is wanted, into the container as it runs). It has no undo: what it replaces lies in the trash. */
export const restoreFiles: Workflow<'restore-files'> = {
  kind: 'restore-files',
  steps: {
    copy: {
      actions: async (tx, work) => {
        const { backupId, order } = input(work);
        const { args, secrets } = await completeBackup(tx, work, backupId);
        return [{ verb: 'files.restore', args: { ...args, order }, secrets }];
      },
      done: async (_tx, work) => {
        const { restored, same, left } = resultOf(work, 'files.restore');
        return { restored, same, left };
      },
    },
  },
  events: containerChanged,
};
