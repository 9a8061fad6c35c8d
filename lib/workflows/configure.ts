import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { finestOf, moveSchedule } from '#lib/backups/schedule.ts';
import { Resources } from '#lib/contract/fields.ts';
import { StartPriority } from '#lib/contract/restarts.ts';
import type { Every } from '#lib/contract/schedules.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { startPriorityOf } from './restart-policy.ts';
import { containerChanged, containerOf, resultOf, type Work, type Workflow } from './work.ts';

export const ConfigureInput = z.object({
  planId: z.string(),
  resources: Resources,
  startPriority: StartPriority.optional(),
});

/** The row has the plan and the limits that were asked for. Answers what that means for the container's schedule of backups. */
export async function configured(tx: Tx, work: Work): Promise<{ scheduleRuns?: Every | null }> {
  const { planId, resources } = ConfigureInput.parse(work.operation.input);
  const { id } = containerOf(work);
  const before = await finestOf(tx, id);
  await tx.update(containers).set({ planId, resources }).where(eq(containers.id, id));
  return await moveSchedule(tx, id, { before, after: await finestOf(tx, id) });
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
        const schedule = await configured(tx, work);
        return { ...resultOf(work, 'container.configure'), ...schedule };
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
