import { and, count, eq, isNull, sql } from 'drizzle-orm';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import type { plans } from '#lib/db/schema/plans.ts';

/**
 * Refuses one more container of a plan than a tenant may have. A lock that ends with the transaction lets one asker of
 * a tenant and plan count at a time, so that two at once do not both get the last place.
 */
export async function refuseBeyondPlan(tx: Tx, tenantId: string, plan: typeof plans.$inferSelect): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`plan:${tenantId}:${plan.id}`}, 0))`);
  if (plan.maxContainers === null) return;
  const [row] = await tx
    .select({ n: count() })
    .from(containers)
    .where(and(eq(containers.tenantId, tenantId), eq(containers.planId, plan.id), isNull(containers.deletedAt)));
  if ((row?.n ?? 0) < plan.maxContainers) return;
  throw new BerthError('plan_limit', `The plan "${plan.name}" allows ${plan.maxContainers} containers.`, {
    remedy: 'Delete one, or choose another plan.',
  });
}
