import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { Resources } from '#lib/contract/fields.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { containerChanged, containerOf, resultOf, type Workflow } from './work.ts';

export const ConfigureInput = z.object({ planId: z.string(), resources: Resources });

/** configure: one step; its undo sets the limits of the plan the container is still on. */
export const configure: Workflow<'configure'> = {
  kind: 'configure',
  steps: {
    configure: {
      actions: async (_tx, work) => {
        const { resources } = ConfigureInput.parse(work.operation.input);
        return [{ verb: 'container.configure', args: { resources }, secrets: {} }];
      },
      done: async (tx, work) => {
        const { planId, resources } = ConfigureInput.parse(work.operation.input);
        await tx
          .update(containers)
          .set({ planId, resources })
          .where(eq(containers.id, containerOf(work).id));
        return resultOf(work, 'container.configure');
      },
      undo: async (_tx, work) => [
        { verb: 'container.configure', args: { resources: containerOf(work).resources }, secrets: {} },
      ],
    },
  },
  events: containerChanged,
};
