import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { SetRestartPolicy } from '#lib/contract/containers.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { containerChanged, containerOf, type Workflow } from './work.ts';

/** Not strict as what people send is: the input of an operation that is tried again says so in it. */
const Input = z.object(SetRestartPolicy.shape);

/** restart-policy: one step; its undo sets the policy that the row still has. */
export const restartPolicy: Workflow<'restart-policy'> = {
  kind: 'restart-policy',
  steps: {
    'restart-policy': {
      actions: async (_tx, work) => [
        { verb: 'container.configure', args: Input.parse(work.operation.input), secrets: {} },
      ],
      done: async (tx, work) => {
        const values = Input.parse(work.operation.input);
        await tx
          .update(containers)
          .set(values)
          .where(eq(containers.id, containerOf(work).id));
        return values;
      },
      undo: async (_tx, work) => [
        { verb: 'container.configure', args: { restartPolicy: containerOf(work).restartPolicy }, secrets: {} },
      ],
    },
  },
  events: containerChanged,
};

/** How early containers of a plan start after a boot of their host. */
export async function startPriorityOf(tx: Tx, planId: string): Promise<number> {
  const [plan] = await tx.select({ startPriority: plans.startPriority }).from(plans).where(eq(plans.id, planId));
  if (plan === undefined) throw new Error('the plan is gone');
  return plan.startPriority;
}
