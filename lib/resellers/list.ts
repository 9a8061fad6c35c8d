import { and, eq, inArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import { type NameQuery, pageSize } from '../contract/lists.ts';
import type { Reseller } from '../contract/resellers.ts';
import { asActor } from '../db/client.ts';
import { newestFirst } from '../db/cursor.ts';
import { contains } from '../db/filters.ts';
import { resellerQuotas } from '../db/schema/resellers.ts';
import { tenants } from '../db/schema/tenants.ts';
import { within } from '../db/scope.ts';
import { single } from '../db/single.ts';
import { overQuota, quotaOf, usedBy } from './quota.ts';

const order = newestFirst(tenants.createdAt, tenants.id);

/** Resellers within the actor's scope, newest first, with what they may use and do. */
export async function listResellers(
  actor: Actor,
  query: Partial<z.infer<typeof NameQuery>> & { id?: string },
): Promise<{ items: Reseller[]; nextCursor: string | null }> {
  authorize(actor, 'reseller.read');
  const limit = query.limit ?? pageSize;
  return await asActor(actor, async (tx) => {
    const rows = await tx
      .select({ tenant: tenants, quota: resellerQuotas })
      .from(tenants)
      .leftJoin(resellerQuotas, eq(resellerQuotas.resellerId, tenants.id))
      .where(
        and(
          eq(tenants.kind, 'reseller'),
          within(actor, 'reseller.read', { tenant: tenants.id }),
          query.id === undefined ? undefined : eq(tenants.id, query.id),
          contains(query.q, tenants.name),
          order.after(query.cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(limit + 1);
    const { page, nextCursor } = order.cut(rows, limit, ({ tenant }) => ({
      key: tenant.createdAt,
      id: tenant.id,
    }));
    const ids = page.map(({ tenant }) => tenant.id);
    const used = await usedBy(tx, ids);
    const counts = await tx
      .select({ resellerId: tenants.resellerId, count: sql<number>`count(*)::int` })
      .from(tenants)
      .where(inArray(tenants.resellerId, ids))
      .groupBy(tenants.resellerId);
    const items = page.flatMap(({ tenant, quota: row }) => {
      const use = used.get(tenant.id);
      if (use === undefined) return [];
      const quota = quotaOf(row ?? undefined);
      return {
        id: tenant.id,
        name: tenant.name,
        tenants: counts.find((one) => one.resellerId === tenant.id)?.count ?? 0,
        quota,
        used: use,
        over: overQuota(quota, use),
        createdAt: tenant.createdAt.toISOString(),
      };
    });
    return { items, nextCursor };
  });
}

/** One of them. */
export async function getReseller(actor: Actor, id: string): Promise<Reseller> {
  return await single(listResellers(actor, { id }));
}
