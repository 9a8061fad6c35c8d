import { and, count, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import { BerthError } from '#lib/contract/errors.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers, portForwards } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import type { plans } from '#lib/db/schema/plans.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { takeTurn } from '#lib/db/turn.ts';
import { asPortal } from './ports.ts';

type Plan = typeof plans.$inferSelect;

/**
 * Refuses one more container of a plan than a tenant may have; those on their way to the plan, or from another tenant, count too. A lock that ends with the transaction lets one asker of
 * a tenant and plan count at a time, so that two at once do not both get the last place.
 */
export async function refuseBeyondPlan(tx: Tx, tenantId: string, plan: Plan): Promise<void> {
  await takeTurn(tx, `plan:${tenantId}:${plan.id}`);
  if (plan.maxContainers === null) return;
  const [row] = await tx
    .select({ n: count() })
    .from(containers)
    .where(and(eq(containers.tenantId, tenantId), eq(containers.planId, plan.id), isNull(containers.deletedAt)));
  const [coming] = await tx
    .select({ n: count() })
    .from(operations)
    .innerJoin(containers, eq(containers.id, operations.containerId))
    .where(
      and(
        eq(operations.kind, 'configure'),
        inArray(operations.state, [...activeOperationStates]),
        eq(sql`${operations.input}->>'planId'`, plan.id),
        eq(containers.tenantId, tenantId),
        ne(containers.planId, plan.id),
        isNull(containers.deletedAt),
      ),
    );
  // Until they are here they are another's, whose rows whoever asks may not see.
  const [given] = await asPortal(tx, () =>
    tx
      .select({ n: count() })
      .from(operations)
      .innerJoin(containers, eq(containers.id, operations.containerId))
      .where(
        and(
          eq(operations.kind, 'handover'),
          inArray(operations.state, [...activeOperationStates]),
          eq(sql`${operations.input}->>'toTenantId'`, tenantId),
          eq(containers.planId, plan.id),
          ne(containers.tenantId, tenantId),
        ),
      ),
  );
  if ((row?.n ?? 0) + (coming?.n ?? 0) + (given?.n ?? 0) < plan.maxContainers) return;
  throw new BerthError('plan_limit', `The plan "${plan.name}" allows ${plan.maxContainers} containers.`, {
    remedy: 'Delete one, or choose another plan.',
  });
}

/** Refuses one more snapshot than the plan allows. Every row has its place from the moment it is asked for; the caller has locked the container. */
export async function refuseMoreSnapshots(tx: Tx, containerId: string, plan: Plan): Promise<void> {
  const living = inArray(snapshots.state, ['making', 'present', 'deleting']);
  const [row] = await tx
    .select({ n: count() })
    .from(snapshots)
    .where(and(eq(snapshots.containerId, containerId), eq(snapshots.kind, 'manual'), living));
  if ((row?.n ?? 0) < plan.maxSnapshots) return;
  throw new BerthError('plan_limit', `The plan "${plan.name}" allows ${plan.maxSnapshots} snapshots.`, {
    remedy: 'Delete an older snapshot first.',
  });
}

/** Refuses one more port forward than the plan allows. The caller has locked the container. */
export async function refuseMoreForwards(tx: Tx, containerId: string, plan: Plan): Promise<void> {
  const [row] = await tx.select({ n: count() }).from(portForwards).where(eq(portForwards.containerId, containerId));
  if ((row?.n ?? 0) < plan.maxForwards) return;
  throw new BerthError('plan_limit', `The plan "${plan.name}" allows ${plan.maxForwards} port forwards.`);
}
