import { and, eq, isNull } from 'drizzle-orm';
import { containers, portForwards } from '#lib/db/schema/containers.ts';
import { retainedVolumes } from '#lib/db/schema/operations.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { containerChanged, containerOf, type Workflow } from './work.ts';

/** delete: one step without undo. The row stays for the history and for the backups, which stay too. */
export const remove: Workflow<'delete'> = {
  kind: 'delete',
  steps: {
    delete: {
      actions: async () => [{ verb: 'container.delete', args: {}, secrets: {} }],
      done: async (tx, work) => {
        const { id } = containerOf(work);
        const now = new Date();
        await tx
          .update(containers)
          .set({ deletedAt: now, desired: 'stopped', repairSince: null, repairUntil: null, repairReadOnly: null })
          .where(eq(containers.id, id));
        await tx.delete(portForwards).where(eq(portForwards.containerId, id));
        await tx
          .update(retainedVolumes)
          .set({ consumedAt: now })
          .where(and(eq(retainedVolumes.containerId, id), isNull(retainedVolumes.consumedAt)));
        await tx.update(snapshots).set({ state: 'deleted' }).where(eq(snapshots.containerId, id));
        return undefined;
      },
    },
  },
  events: containerChanged,
};
