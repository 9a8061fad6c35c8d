import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import type { Configure } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { needOf } from '#lib/resellers/quota.ts';
import { refuseBeyondQuota, refuseForeignPlan } from '#lib/resellers/refuse.ts';
import { refuseBeyondPlan } from './plan-limits.ts';

/** Moves a container to another plan, live. A disk is never made smaller: files would be lost. */
export async function configureContainer(
  actor: Actor,
  id: string,
  input: z.infer<typeof Configure>,
): Promise<Operation> {
  return await requestOperation(actor, {
    kind: 'configure',
    containerId: id,
    change: ({ container: { planId, resources } }, { planId: plan, resources: next }) => ({
      before: { planId, resources },
      after: { planId: plan, resources: next },
    }),
    prepare: async (tx, { container, plan: present }) => {
      const [plan] = await tx.select().from(plans).where(eq(plans.id, input.planId));
      if (plan === undefined) throw new BerthError('not_found', 'There is no such plan.');
      if (plan.resources.diskBytes < container.resources.diskBytes) {
        throw new BerthError('plan_limit', 'That plan has a smaller disk than the container.');
      }
      if (plan.id !== container.planId) {
        await refuseForeignPlan(tx, container.tenantId, plan);
        await refuseBeyondPlan(tx, container.tenantId, plan);
      }
      await refuseBeyondQuota(tx, actor, {
        tenantId: container.tenantId,
        now: needOf(container.resources, present),
        next: needOf(plan.resources, plan),
      });
      return { planId: plan.id, resources: plan.resources, startPriority: plan.startPriority };
    },
  });
}
