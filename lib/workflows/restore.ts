import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { BerthError } from '#lib/contract/errors.ts';
import { TemplateRef } from '#lib/contract/templates.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { requireConsent } from './consent.ts';
import { swapTo } from './keep-access.ts';
import { swapped } from './retain.ts';
import { backToPresent } from './swap-back.ts';
import { containerChanged, containerOf, resultOf, type Work, type Workflow } from './work.ts';

export const RestoreInput = z.object({
  backupId: z.string(),
  volumeId: z.string(),
  templateId: z.string(),
  template: TemplateRef,
});
const input = (work: Work) => RestoreInput.parse(work.operation.input);

/**
 * restore: fetch (into a new volume, used by nothing yet) → swap (the present volume is kept for undo).
 * Undo of fetch deletes the new volume; undo of swap goes back to the volume the row still names.
 */
export const restore: Workflow<'restore'> = {
  kind: 'restore',
  steps: {
    fetch: {
      actions: async (tx, work) => {
        const { backupId, volumeId, template } = input(work);
        const [row] = await tx.select().from(backups).where(eq(backups.id, backupId));
        if (row === undefined || row.state !== 'complete' || row.resticSnapshotId === null) {
          throw new BerthError('state', 'The backup is not there any more.');
        }
        if (row.tenantId !== containerOf(work).tenantId) await requireConsent(tx, work, row);
        const { repository, secrets } = await work.repositoryOf(tx, row);
        const args = { volumeId, repository, resticSnapshotId: row.resticSnapshotId, layers: template.layers };
        return [{ verb: 'volume.restore', args, secrets }];
      },
      done: async (_tx, work) => {
        const { files, bytes } = resultOf(work, 'volume.restore');
        return { files, bytes };
      },
      undo: async (_tx, work) => [{ verb: 'volume.delete', args: { volumeId: input(work).volumeId }, secrets: {} }],
    },
    swap: {
      actions: async (_tx, work) => {
        const { volumeId, template } = input(work);
        const from = work.operation.kind === 'restore-into' ? 'foreign' : 'own';
        return [swapTo(containerOf(work), { volumeId, template }, from)];
      },
      done: async (tx, work) => {
        const { volumeId, templateId } = input(work);
        return await swapped(tx, work, { volumeId, templateId, reason: 'restore' });
      },
      undo: async (tx, work) => await backToPresent(tx, containerOf(work)),
    },
  },
  events: containerChanged,
};
