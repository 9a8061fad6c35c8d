import { and, asc, eq, gte, isNull, ne, or, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { resellerOf } from '#lib/resellers/quota.ts';
import { refuseForeignPlan } from '#lib/resellers/refuse.ts';
import type { ContainerFacts } from './facts.ts';

type PlanRow = typeof plans.$inferSelect;

/** Staff give plans; a tenant takes what it has been given: `plan_limit` for one that none of its containers is on. */
export async function refuseNotGiven(tx: Tx, actor: Actor, tenantId: string, planId: string): Promise<void> {
  if (hasPermission(actor, 'container.create', ofTenant(tenantId))) return;
  const [own] = await tx
    .select({ id: containers.id })
    .from(containers)
    .where(and(eq(containers.tenantId, tenantId), eq(containers.planId, planId), isNull(containers.deletedAt)))
    .limit(1);
  if (own === undefined) throw new BerthError('plan_limit', 'None of your containers is on that plan.');
}

/**
 * The plan for a copy of a container: the one it is on, as long as that is still offered to its tenant, or another that is, which the tenant
 * has been given and whose disk takes the files. A plan that is not offered any more is `state`, and the plans that would do are named.
 */
export async function planForCopy(
  tx: Tx,
  actor: Actor,
  { container, plan: present }: ContainerFacts,
  planId: string | undefined,
): Promise<PlanRow> {
  const { tenantId } = container;
  if (planId === undefined || planId === present.id) {
    try {
      await refuseForeignPlan(tx, tenantId, present);
      return present;
    } catch (error) {
      if (!(error instanceof BerthError)) throw error;
      const names = (await otherPlans(tx, container)).map((one) => one.name);
      throw new BerthError('state', `The plan "${present.name}" is not offered any more.`, {
        remedy:
          names.length === 0
            ? 'Ask for another plan; then it can be cloned onto that.'
            : `Choose another of your plans for the copy: ${names.join(', ')}.`,
      });
    }
  }
  const [plan] = await tx.select().from(plans).where(eq(plans.id, planId));
  if (plan === undefined) throw new BerthError('not_found', 'There is no such plan.');
  await refuseNotGiven(tx, actor, tenantId, planId);
  await refuseForeignPlan(tx, tenantId, plan);
  if (plan.resources.diskBytes < container.resources.diskBytes) {
    throw new BerthError('plan_limit', 'That plan has a smaller disk than the container.');
  }
  return plan;
}

/** Those of the tenant's containers that are offered and have room for the files of this one. */
async function otherPlans(tx: Tx, { tenantId, planId, resources }: ContainerFacts['container']): Promise<PlanRow[]> {
  const seller = await resellerOf(tx, tenantId);
  return await tx
    .select()
    .from(plans)
    .where(
      and(
        eq(plans.offered, true),
        ne(plans.id, planId),
        seller === null ? isNull(plans.resellerId) : or(isNull(plans.resellerId), eq(plans.resellerId, seller)),
        gte(sql`(${plans.resources}->>'diskBytes')::bigint`, resources.diskBytes),
        sql`exists (select from ${containers} c where c.tenant_id = ${tenantId} and c.plan_id = ${plans.id} and c.deleted_at is null)`,
      ),
    )
    .orderBy(asc(plans.name), asc(plans.id));
}
