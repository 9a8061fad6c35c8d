import { z } from 'zod';
import { powerIs } from './observed.ts';
import { containerChanged, containerOf, resultOf, type Workflow } from './work.ts';

export const StopInput = z.object({ timeoutMs: z.int() });

/** stop: one step; the host counts down visibly and kills what does not end by itself. */
export const stop: Workflow<'stop'> = {
  kind: 'stop',
  steps: {
    stop: {
      actions: async (_tx, work) => [
        { verb: 'container.stop', args: StopInput.parse(work.operation.input), secrets: {} },
      ],
      done: async (tx, work) => {
        await powerIs(tx, containerOf(work).id, 'stopped');
        return resultOf(work, 'container.stop');
      },
    },
  },
  events: containerChanged,
};
