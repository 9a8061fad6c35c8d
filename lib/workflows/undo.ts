import { z } from 'zod';
import { swapTo } from './keep-access.ts';
import { consume, swapped } from './retain.ts';
import { backToPresent } from './swap-back.ts';
import { containerChanged, containerOf, templateOf, type Work, type Workflow } from './work.ts';

export const UndoInput = z.object({ retainedId: z.string(), volumeId: z.string(), templateId: z.string() });
const input = (work: Work) => UndoInput.parse(work.operation.input);

/** undo: switch back to a kept volume; the present one is kept in its place, so the undo can be undone. */
export const undo: Workflow<'undo'> = {
  kind: 'undo',
  steps: {
    swap: {
      actions: async (tx, work) => {
        const { volumeId, templateId } = input(work);
        return [swapTo(containerOf(work), { volumeId, template: await templateOf(tx, templateId) })];
      },
      done: async (tx, work) => {
        const { retainedId, volumeId, templateId } = input(work);
        await consume(tx, retainedId);
        return await swapped(tx, work, { volumeId, templateId, reason: 'undo' });
      },
      undo: async (tx, work) => await backToPresent(tx, containerOf(work)),
    },
  },
  events: containerChanged,
};
