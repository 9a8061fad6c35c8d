import { powerIs } from './observed.ts';
import { containerChanged, containerOf, resultOf, type Workflow } from './work.ts';

/** start: one step, nothing to undo: a container that did not start is as it was. */
export const start: Workflow<'start'> = {
  kind: 'start',
  steps: {
    start: {
      actions: async () => [{ verb: 'container.start', args: {}, secrets: {} }],
      done: async (tx, work) => {
        const { startedAt } = resultOf(work, 'container.start');
        await powerIs(tx, containerOf(work).id, 'running', new Date(startedAt));
        return { startedAt };
      },
    },
  },
  events: containerChanged,
};
