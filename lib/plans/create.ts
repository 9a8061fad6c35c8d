import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import type { CreatePlan, Plan } from '../contract/plans.ts';
import { quotaKinds } from '../contract/resellers.ts';
import { asActor, type Tx } from '../db/client.ts';
import { isUniqueViolation } from '../db/errors.ts';
import { plans } from '../db/schema/plans.ts';
import { findForPlan } from '../locations/find.ts';
import { beyond, needOf, quotaOf, quotaRow } from '../resellers/quota.ts';
import { amountOf } from '../resellers/words.ts';
import { needReseller, ownerOf } from '../tenants/create.ts';
import { planOf } from './list.ts';

/**
 * Makes a plan: a reseller's are its own, the provider's are for everybody unless they are made for a reseller. Throws `conflict`
 * when another of the same owner has the name, `quota_limit` when not even one container of it would fit the reseller's quota.
 */
export async function createPlan(actor: Actor, input: z.infer<typeof CreatePlan>): Promise<Plan> {
  authorize(actor, 'plan.create');
  const resellerId = ownerOf(actor, 'plan.create', input.resellerId);
  return await asActor(actor, async (tx) => {
    if (resellerId !== null) await refuseTooLarge(tx, resellerId, input);
    if (input.locationId !== null) {
      // Which of its locations a plan uses is the provider's to say, as it is afterwards.
      authorize(actor, 'plan.change');
      await findForPlan(tx, input.locationId);
    }
    const [plan] = await tx
      .insert(plans)
      .values({ ...input, resellerId })
      .returning();
    if (plan === undefined) throw new Error('an insert returned no row');
    await writeAudit(tx, actor, {
      verb: 'plan.create',
      tenantId: resellerId,
      targetKind: 'plan',
      targetId: plan.id,
      targetName: plan.name,
    });
    return planOf(plan);
  }).catch(planNameTaken);
}

export function planNameTaken(error: unknown): never {
  if (!isUniqueViolation(error, 'plans_name')) throw error;
  throw new BerthError('conflict', 'There is a plan of this name.', {
    issues: [{ path: 'name', message: 'is taken' }],
    cause: error,
  });
}

async function refuseTooLarge(tx: Tx, resellerId: string, input: z.infer<typeof CreatePlan>): Promise<void> {
  await needReseller(tx, resellerId);
  const quota = quotaOf(await quotaRow(tx, resellerId));
  const need = needOf(input.resources, input);
  for (const kind of quotaKinds) {
    if (!beyond(need[kind], quota[kind])) continue;
    throw new BerthError(
      'quota_limit',
      need[kind] === Infinity
        ? 'The quota limits the space for backups, so a plan has to limit it too.'
        : `Not even one container of this plan would fit the quota of ${amountOf(kind, quota[kind] ?? 0)}.`,
    );
  }
}
