import { z } from 'zod';
import {
  backupsThere,
  checkRow,
  noteChecked,
  noteNotChecked,
  type Place,
  snapshotsBeyond,
} from '#lib/backups/checked.ts';
import { resultOf, type Work, type Workflow } from './work.ts';

export const BackupCheckInput = z.object({
  repositoryId: z.string(),
  part: z.object({ n: z.int(), of: z.int() }),
});
const input = (work: Work) => BackupCheckInput.parse(work.operation.input);

function placeOf(work: Work): Place {
  const { tenantId, hostId } = work.operation;
  if (tenantId === null || hostId === null) throw new Error('a check is of a tenant, on a host');
  return { repositoryId: input(work).repositoryId, hostId, tenantId };
}

/**
 * backup-check: one step on a host. What it mends stays mended; asked for again, it says how things are then. Failed, it says nothing of
 * any backup.
 */
export const backupCheck: Workflow<'backup-check'> = {
  kind: 'backup-check',
  steps: {
    check: {
      actions: async (tx, work) => {
        const place = placeOf(work);
        const access = await work.repositoryOf(tx, place);
        const there = await backupsThere(tx, place);
        const before = await checkRow(tx, place);
        const layers = new Set(there.flatMap(({ backup }) => backup.template?.layers ?? []));
        const args = {
          repository: access.repository,
          part: input(work).part,
          snapshots: there.map(({ backup, resticSnapshotId }) => ({
            resticSnapshotId,
            readAll: backup.health === 'damaged',
          })),
          others: await snapshotsBeyond(
            tx,
            place.repositoryId,
            there.map(({ resticSnapshotId }) => resticSnapshotId),
          ),
          layers: [...layers].map((digest) => ({ digest, always: before.layersLost.includes(digest) })),
        };
        return [{ verb: 'backup.check', args, secrets: access.secrets }];
      },
      done: async (tx, work) => {
        const result = resultOf(work, 'backup.check');
        const { part } = input(work);
        const startedAt = work.operation.startedAt ?? new Date(result.checkedAt);
        const { damaged, healed } = await noteChecked(tx, placeOf(work), part, startedAt, result);
        return { part: `${part.n} of ${part.of}`, found: result.found, damaged, healed };
      },
    },
  },
  failed: async (tx, work) => {
    const why = work.operation.steps.find((step) => step.state === 'failed')?.message ?? 'It was cancelled.';
    await noteNotChecked(tx, placeOf(work), why);
  },
  events: (work) => [{ type: 'backup', tenantId: work.operation.tenantId, containerId: work.operation.containerId }],
};
