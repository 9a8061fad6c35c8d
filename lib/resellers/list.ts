import { and, eq, inArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import type { Reseller } from '../contract/resellers.ts';
import type { PageQuery } from '../contract/rest.ts';
import { asActor } from '../db/client.ts';
import { newestFirst } from '../db/cursor.ts';
import { resellerQuotas } from '../db/schema/resellers.ts';
import { tenants } from '../db/schema/tenants.ts';
import { overQuota, quotaOf, usedBy } from './quota.ts';

const order = newestFirst(tenants.createdAt, tenants.id);

/** Resellers within the actor's scope, newest first, with what they may use and do. */
export async function listResellers(
  actor: Actor,
  query: z.infer<typeof PageQuery>,
): Promise<{ items: Reseller[]; nextCursor: string | null }> {
  authorize(actor, 'reseller.read');
  return await asActor(actor, async (tx) => {
    const rows = await tx
      .select({ tenant: tenants, quota: resellerQuotas })
      .from(tenants)
      .leftJoin(resellerQuotas, eq(resellerQuotas.resellerId, tenants.id))
      .where(and(eq(tenants.kind, 'reseller'), order.after(query.cursor)))
      .orderBy(...order.by)
      .limit(query.limit + 1);
    const { page, nextCursor } = order.cut(rows, query.limit, ({ tenant }) => ({
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
