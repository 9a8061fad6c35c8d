import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { Resources } from '#lib/contract/fields.ts';
import { StartPriority } from '#lib/contract/restarts.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { startPriorityOf } from './restart-policy.ts';
import { containerChanged, containerOf, resultOf, type Work, type Workflow } from './work.ts';

export const ConfigureInput = z.object({
  planId: z.string(),
  resources: Resources,
  startPriority: StartPriority.optional(),
});

/** The row has the plan and the limits that were asked for. */
export async function configured(tx: Tx, work: Work): Promise<void> {
  const { planId, resources } = ConfigureInput.parse(work.operation.input);
  await tx
    .update(containers)
    .set({ planId, resources })
    .where(eq(containers.id, containerOf(work).id));
}

/** configure: one step; its undo sets the limits and the priority of the plan the container is still on. */
export const configure: Workflow<'configure'> = {
  kind: 'configure',
  steps: {
    configure: {
      actions: async (_tx, work) => {
        const { resources, startPriority } = ConfigureInput.parse(work.operation.input);
        const args = { resources, ...(startPriority === undefined ? {} : { startPriority }) };
        return [{ verb: 'container.configure', args, secrets: {} }];
      },
      done: async (tx, work) => {
        await configured(tx, work);
        return resultOf(work, 'container.configure');
      },
      undo: async (tx, work) => {
        const { resources, planId } = containerOf(work);
        const args = { resources, startPriority: await startPriorityOf(tx, planId) };
        return [{ verb: 'container.configure', args, secrets: {} }];
      },
    },
  },
  events: containerChanged,
};
