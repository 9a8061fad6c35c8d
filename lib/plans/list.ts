import { and, eq, exists, isNull, or, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import { type NameQuery, pageSize } from '../contract/lists.ts';
import type { Plan } from '../contract/plans.ts';
import { asActor, type Tx } from '../db/client.ts';
import { newestFirst } from '../db/cursor.ts';
import { contains } from '../db/filters.ts';
import { containers } from '../db/schema/containers.ts';
import { plans } from '../db/schema/plans.ts';
import { single } from '../db/single.ts';
import { resellerOf } from '../resellers/quota.ts';
import { actingReseller } from '../resellers/who.ts';

/** A plan as people see it. */
export function planOf(row: typeof plans.$inferSelect): Plan {
  const { createdAt: _, ...plan } = row;
  return plan;
}

/** The same for who buys from a reseller, or (null) from the provider: what others ask for it is not said. */
export function pricedFor<P extends Pick<Plan, 'price' | 'resellerId'>>(plan: P, sellerId: string | null): P {
  return plan.resellerId === sellerId ? plan : { ...plan, price: '' };
}

const order = newestFirst(plans.createdAt, plans.id);

/**
 * Plans, newest first: a reseller's own and the provider's that are offered; its tenants see the reseller's that are offered and those
 * that their containers are on.
 */
export async function listPlans(
  actor: Actor,
  query: Partial<z.infer<typeof NameQuery>> & { id?: string },
): Promise<{ items: Plan[]; nextCursor: string | null }> {
  authorize(actor, 'plan.read');
  const limit = query.limit ?? pageSize;
  const { rows, seller } = await asActor(actor, async (tx) => {
    const seller = await sellerTo(tx, actor);
    const rows = await tx
      .select()
      .from(plans)
      .where(
        and(
          choice(tx, actor, seller),
          query.id === undefined ? undefined : eq(plans.id, query.id),
          contains(query.q, plans.name),
          order.after(query.cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(limit + 1);
    return { rows, seller };
  });
  const { page, nextCursor } = order.cut(rows, limit, (row) => ({ key: row.createdAt, id: row.id }));
  const items = page.map(planOf);
  return { items: seller === undefined ? items : items.map((plan) => pricedFor(plan, seller)), nextCursor };
}

/** One of those. */
export async function getPlan(actor: Actor, id: string): Promise<Plan> {
  return await single(listPlans(actor, { id }));
}

/** From whom a tenant's people buy: a reseller, or (null) the provider. Undefined: they are no tenant's. */
async function sellerTo(tx: Tx, actor: Actor): Promise<string | null | undefined> {
  if (actor.kind !== 'user' || actor.tenantId === null || actingReseller(actor) !== null) return undefined;
  return await resellerOf(tx, actor.tenantId);
}

function choice(tx: Tx, actor: Actor, seller: string | null | undefined): SQL | undefined {
  const own = actingReseller(actor);
  if (seller === undefined) return own === null ? undefined : or(eq(plans.resellerId, own), sold(null));
  // Row-level security narrows this to the tenant's own containers.
  const onIt = tx.select({ id: containers.id }).from(containers);
  return or(sold(seller), exists(onIt.where(and(eq(containers.planId, plans.id), isNull(containers.deletedAt)))));
}

function sold(resellerId: string | null): SQL | undefined {
  return and(
    resellerId === null ? isNull(plans.resellerId) : eq(plans.resellerId, resellerId),
    eq(plans.offered, true),
  );
}
