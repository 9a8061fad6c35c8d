import { powerIs } from './observed.ts';
import { containerChanged, containerOf, type Workflow } from './work.ts';

/** kill: an emergency, beside whatever holds the container. */
export const kill: Workflow<'kill'> = {
  kind: 'kill',
  steps: {
    kill: {
      actions: async () => [{ verb: 'container.kill', args: {}, secrets: {} }],
      done: async (tx, work) => {
        await powerIs(tx, containerOf(work).id, 'stopped');
        return undefined;
      },
    },
  },
  events: containerChanged,
};
