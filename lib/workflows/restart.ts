import { powerIs } from './observed.ts';
import { StopInput } from './stop.ts';
import { containerChanged, containerOf, resultOf, type Workflow } from './work.ts';

/** restart: one step on the host, which stops and starts. */
export const restart: Workflow<'restart'> = {
  kind: 'restart',
  steps: {
    restart: {
      actions: async (_tx, work) => [
        { verb: 'container.restart', args: StopInput.parse(work.operation.input), secrets: {} },
      ],
      done: async (tx, work) => {
        const { startedAt } = resultOf(work, 'container.restart');
        await powerIs(tx, containerOf(work).id, 'running', new Date(startedAt));
        return { startedAt };
      },
    },
  },
  events: containerChanged,
};
