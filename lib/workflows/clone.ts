import { z } from 'zod';
import { firstForwards, firstStart, madeOnHost, neverMade, newContainer } from './create.ts';
import { startPriorityOf } from './restart-policy.ts';
import { type AnyAction, containerChanged, containerOf, resultOf, type Workflow } from './work.ts';

export const CloneInput = z.object({ sourceId: z.string(), snapshotId: z.string(), start: z.boolean() });

/**
 * clone: prepare (the copy, then its forwards) → start. Of the container it copies nothing is changed, and nothing locked but
 * for a moment on its host. Undo of prepare deletes the copy.
 */
export const clone: Workflow<'clone'> = {
  kind: 'clone',
  steps: {
    prepare: {
      actions: async (tx, work) => {
        const { sourceId, snapshotId } = CloneInput.parse(work.operation.input);
        const { resources, restartPolicy, planId } = containerOf(work);
        const startPriority = await startPriorityOf(tx, planId);
        const copied: AnyAction = {
          verb: 'container.clone',
          args: { ...newContainer(work), sourceId, snapshotId, resources, restartPolicy, startPriority },
          secrets: {},
        };
        return [copied, ...(await firstForwards(tx, work))];
      },
      done: async (tx, work) => {
        const made = resultOf(work, 'container.clone');
        const { sourceId } = CloneInput.parse(work.operation.input);
        return { ...(await madeOnHost(tx, work, made)), sourceId, bytes: made.bytes };
      },
      undo: async () => [{ verb: 'container.delete', args: {}, secrets: {} }],
    },
    start: firstStart,
  },
  failed: neverMade,
  events: containerChanged,
};
