import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import type { CreatePlan, Plan } from '../contract/rest.ts';
import { asActor } from '../db/client.ts';
import { isUniqueViolation } from '../db/errors.ts';
import { plans } from '../db/schema/plans.ts';
import { planOf } from './list.ts';

/** Makes a plan. Throws `conflict` when another has the name. */
export async function createPlan(actor: Actor, input: z.infer<typeof CreatePlan>): Promise<Plan> {
  authorize(actor, 'plan.create');
  try {
    return await asActor(actor, async (tx) => {
      const [plan] = await tx.insert(plans).values(input).returning();
      if (plan === undefined) throw new Error('an insert returned no row');
      await writeAudit(tx, actor, {
        verb: 'plan.create',
        tenantId: null,
        targetKind: 'plan',
        targetId: plan.id,
        targetName: plan.name,
      });
      return planOf(plan);
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'plans_name')) throw error;
    throw new BerthError('conflict', 'There is a plan of this name.', {
      issues: [{ path: 'name', message: 'is taken' }],
      cause: error,
    });
  }
}
