import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '#lib/db/client.ts';
import { containers, portForwards } from '#lib/db/schema/containers.ts';
import { retainedVolumes } from '#lib/db/schema/operations.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { containerChanged, containerOf, type Workflow } from './work.ts';

/** The row of a container whose files are gone, to be had back until then or (null) not at all. `lost`: by nobody's wish. */
export async function becomesDeleted(tx: Tx, id: string, undeleteUntil: Date | null, lost = false): Promise<void> {
  const now = new Date();
  await tx
    .update(containers)
    .set({
      deletedAt: now,
      undeleteUntil,
      lostAt: lost ? now : null,
      desired: 'stopped',
      repairSince: null,
      repairUntil: null,
      repairReadOnly: null,
    })
    .where(eq(containers.id, id));
  if (undeleteUntil === null) await tx.delete(portForwards).where(eq(portForwards.containerId, id));
  await tx
    .update(retainedVolumes)
    .set({ consumedAt: now })
    .where(and(eq(retainedVolumes.containerId, id), isNull(retainedVolumes.consumedAt)));
  await tx.update(snapshots).set({ state: 'deleted' }).where(eq(snapshots.containerId, id));
}

export const DeleteInput = z.object({ undeleteUntil: z.iso.datetime().optional() });

/**
 * delete: one step without undo. The row stays for the history and for the backups. If it can be had back, its address is kept on its
 * host, and the rows of its forwards keep its ports.
 */
export const remove: Workflow<'delete'> = {
  kind: 'delete',
  steps: {
    delete: {
      actions: async (_tx, work) => {
        const { undeleteUntil } = DeleteInput.parse(work.operation.input);
        const args = undeleteUntil === undefined ? {} : { keepAddressUntil: undeleteUntil };
        return [{ verb: 'container.delete', args, secrets: {} }];
      },
      done: async (tx, work) => {
        const { id } = containerOf(work);
        const { undeleteUntil } = DeleteInput.parse(work.operation.input);
        await becomesDeleted(tx, id, undeleteUntil === undefined ? null : new Date(undeleteUntil));
        return undeleteUntil === undefined ? undefined : { undeleteUntil };
      },
    },
  },
  events: containerChanged,
};
