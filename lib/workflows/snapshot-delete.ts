import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { containerChanged, type Work, type Workflow } from './work.ts';

export const SnapshotDeleteInput = z.object({ sourceId: z.string() });
const sourceOf = (work: Work) => SnapshotDeleteInput.parse(work.operation.input).sourceId;

/**
 * snapshot-delete: one step on the host. If nobody can say how far it came, nobody may rely on the snapshot any more: it
 * stays as one that is being deleted, until a new attempt has succeeded.
 */
export const snapshotDelete: Workflow<'snapshot-delete'> = {
  kind: 'snapshot-delete',
  steps: {
    delete: {
      actions: async (_tx, work) => [{ verb: 'snapshot.delete', args: { snapshotId: sourceOf(work) }, secrets: {} }],
      done: async (tx, work) => {
        await tx
          .update(snapshots)
          .set({ state: 'deleted' })
          .where(eq(snapshots.id, sourceOf(work)));
        return undefined;
      },
    },
  },
  failed: async (tx, work, { uncertain }) => {
    if (uncertain) return;
    await tx
      .update(snapshots)
      .set({ state: 'present' })
      .where(eq(snapshots.id, sourceOf(work)));
  },
  events: containerChanged,
};
