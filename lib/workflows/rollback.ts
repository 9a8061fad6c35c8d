import { and, eq, inArray, ne, not } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '#lib/db/client.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { keptForRecovery } from '#lib/operations/recoveries.ts';
import { swapTo } from './keep-access.ts';
import { swapped } from './retain.ts';
import { giveUpSnapshot, takeSnapshot } from './snapshot.ts';
import { backToPresent } from './swap-back.ts';
import { containerChanged, containerOf, resultOf, templateOf, type Work, type Workflow } from './work.ts';

export const RollbackInput = z.object({
  sourceId: z.string(),
  snapshotId: z.string(),
  volumeId: z.string(),
  templateId: z.string(),
});
const input = (work: Work) => RollbackInput.parse(work.operation.input);

/**
 * rollback: snapshot (of the present files) → prepare (a new volume made of the snapshot) → swap (the present volume is kept
 * for undo) → tidy (automatic snapshots of earlier roll-backs).
 * Undo of snapshot deletes it, undo of prepare deletes the volume, undo of swap goes back to the volume the row still names.
 */
export const rollback: Workflow<'rollback'> = {
  kind: 'rollback',
  steps: {
    snapshot: takeSnapshot,
    prepare: {
      actions: async (_tx, work) => {
        const { volumeId, sourceId } = input(work);
        return [{ verb: 'volume.copy', args: { volumeId, snapshotId: sourceId }, secrets: {} }];
      },
      done: async (_tx, work) => ({ bytes: resultOf(work, 'volume.copy').bytes }),
      undo: async (_tx, work) => [{ verb: 'volume.delete', args: { volumeId: input(work).volumeId }, secrets: {} }],
    },
    swap: {
      actions: async (tx, work) => {
        const { volumeId, templateId } = input(work);
        return [swapTo(containerOf(work), { volumeId, template: await templateOf(tx, templateId) })];
      },
      done: async (tx, work) => {
        const { volumeId, templateId } = input(work);
        return await swapped(tx, work, { volumeId, templateId, reason: 'rollback' });
      },
      undo: async (tx, work) => await backToPresent(tx, containerOf(work)),
    },
    tidy: {
      lenient: true,
      actions: async (tx, work) => {
        const earlier = await earlierAutomatic(tx, work);
        return earlier.map(({ id }, index) => ({
          verb: 'snapshot.delete' as const,
          args: { snapshotId: id },
          secrets: {},
          part: `earlier-${index}`,
        }));
      },
      done: async (tx, work) => {
        const ids = (await earlierAutomatic(tx, work)).map((row) => row.id);
        if (ids.length > 0) await tx.update(snapshots).set({ state: 'deleted' }).where(inArray(snapshots.id, ids));
        return undefined;
      },
    },
  },
  failed: giveUpSnapshot,
  events: containerChanged,
};

/** All but the one of this roll-back, the one it went back to, and what the undo of a recovery goes back to. */
async function earlierAutomatic(tx: Tx, work: Work): Promise<{ id: string }[]> {
  return await tx
    .select({ id: snapshots.id })
    .from(snapshots)
    .where(
      and(
        eq(snapshots.containerId, containerOf(work).id),
        eq(snapshots.kind, 'automatic'),
        eq(snapshots.state, 'present'),
        ne(snapshots.operationId, work.operation.id),
        ne(snapshots.id, input(work).sourceId),
        not(keptForRecovery),
      ),
    )
    .orderBy(snapshots.id);
}
