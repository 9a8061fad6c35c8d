import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize, hasPermission, ofTenant } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import type { EditPlan, Plan } from '../contract/plans.ts';
import { asActor } from '../db/client.ts';
import { plans } from '../db/schema/plans.ts';
import { refuseStale } from '../http/edition.ts';
import { actingReseller } from '../resellers/who.ts';
import { planNameTaken } from './create.ts';
import { planToChange } from './find.ts';
import { planOf } from './list.ts';

/** Whether {@link editPlan} would let this one: resellers change their own, the provider all. */
export function mayEditPlan(actor: Actor, { resellerId }: Pick<Plan, 'resellerId'>): boolean {
  if (resellerId === null) return hasPermission(actor, 'plan.edit') && actingReseller(actor) === null;
  return hasPermission(actor, 'plan.edit', ofTenant(resellerId));
}

/** Changes a plan's name and price, and whether it is offered. What it gives stays as containers were made from it. */
export async function editPlan(actor: Actor, id: string, input: z.infer<typeof EditPlan>): Promise<Plan> {
  authorize(actor, 'plan.edit');
  return await asActor(actor, async (tx) => {
    const plan = await planToChange(tx, id);
    if (plan.resellerId !== null) authorize(actor, 'plan.edit', ofTenant(plan.resellerId));
    // The provider's plans are known to resellers, and not theirs.
    else if (actingReseller(actor) !== null) throw new BerthError('forbidden', 'This plan is the provider’s.');
    await refuseStale('plan', async () => planOf(plan));
    const [changed] = await tx
      .update(plans)
      .set({ name: input.name ?? plan.name, price: input.price ?? plan.price, offered: input.offered ?? plan.offered })
      .where(eq(plans.id, id))
      .returning();
    if (changed === undefined) throw new BerthError('not_found');
    await writeAudit(tx, actor, {
      verb: 'plan.edit',
      tenantId: plan.resellerId,
      targetKind: 'plan',
      targetId: id,
      targetName: changed.name,
      before: { name: plan.name, price: plan.price, offered: plan.offered },
      after: { name: changed.name, price: changed.price, offered: changed.offered },
    });
    return planOf(changed);
  }).catch(planNameTaken);
}
