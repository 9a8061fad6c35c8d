import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '#lib/db/client.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { containerChanged, resultOf, type Step, type Work, type Workflow } from './work.ts';

export const SnapshotInput = z.object({ snapshotId: z.string() });

/** The row of the snapshot that this operation makes, under the name of the present attempt. */
async function change(tx: Tx, work: Work, values: Partial<typeof snapshots.$inferInsert>): Promise<void> {
  await tx.update(snapshots).set(values).where(eq(snapshots.operationId, work.operation.id));
}

/** Makes the snapshot the input names; its undo deletes it. */
export const takeSnapshot: Step = {
  actions: async (tx, work) => {
    const { snapshotId } = SnapshotInput.parse(work.operation.input);
    await change(tx, work, { id: snapshotId, state: 'making' });
    return [{ verb: 'snapshot.create', args: { snapshotId, keep: true }, secrets: {} }];
  },
  done: async (tx, work) => {
    const { freezeMs, bytes } = resultOf(work, 'snapshot.create');
    await change(tx, work, { state: 'present', freezeMs, bytes });
    const { snapshotId } = SnapshotInput.parse(work.operation.input);
    return { snapshotId, freezeMs, snapshotBytes: bytes };
  },
  undo: async (_tx, work) => {
    const { snapshotId } = SnapshotInput.parse(work.operation.input);
    return [{ verb: 'snapshot.delete', args: { snapshotId }, secrets: {} }];
  },
};

/** Its operation failed and took it back. */
export async function giveUpSnapshot(tx: Tx, work: Work): Promise<void> {
  await tx
    .update(snapshots)
    .set({ state: 'failed' })
    .where(and(eq(snapshots.operationId, work.operation.id), inArray(snapshots.state, ['making', 'present'])));
}

/** snapshot: one step; undo deletes what was made. */
export const snapshot: Workflow<'snapshot'> = {
  kind: 'snapshot',
  steps: { snapshot: takeSnapshot },
  failed: giveUpSnapshot,
  events: containerChanged,
};
