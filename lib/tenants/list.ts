import { and, eq, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import type { PageQuery, Tenant } from '../contract/rest.ts';
import { asActor } from '../db/client.ts';
import { newestFirst } from '../db/cursor.ts';
import { containers } from '../db/schema/containers.ts';
import { tenants } from '../db/schema/tenants.ts';
import { users } from '../db/schema/users.ts';
import { within } from '../db/scope.ts';

const order = newestFirst(tenants.createdAt, tenants.id);

/** Tenants within the actor's scope, newest first, with how many containers and people each has. */
export async function listTenants(
  actor: Actor,
  query: z.infer<typeof PageQuery>,
): Promise<{ items: Tenant[]; nextCursor: string | null }> {
  authorize(actor, 'tenant.read');
  return asActor(actor, async (tx) => {
    const containerCount = tx
      .select({ tenantId: containers.tenantId, count: sql<number>`count(*)::int`.as('container_count') })
      .from(containers)
      .where(isNull(containers.deletedAt))
      .groupBy(containers.tenantId)
      .as('container_counts');
    const userCount = tx
      .select({ tenantId: users.tenantId, count: sql<number>`count(*)::int`.as('user_count') })
      .from(users)
      .groupBy(users.tenantId)
      .as('user_counts');
    const rows = await tx
      .select({
        tenant: tenants,
        containers: sql<number>`coalesce(${containerCount.count}, 0)`,
        users: sql<number>`coalesce(${userCount.count}, 0)`,
      })
      .from(tenants)
      .leftJoin(containerCount, eq(containerCount.tenantId, tenants.id))
      .leftJoin(userCount, eq(userCount.tenantId, tenants.id))
      .where(and(within(actor, 'tenant.read', { tenant: tenants.id }), order.after(query.cursor)))
      .orderBy(...order.by)
      .limit(query.limit + 1);
    const { page, nextCursor } = order.cut(rows, query.limit, ({ tenant }) => ({
      key: tenant.createdAt,
      id: tenant.id,
    }));
    return {
      items: page.map(({ tenant, ...counts }) => ({
        id: tenant.id,
        name: tenant.name,
        resellerId: tenant.resellerId,
        ...counts,
        createdAt: tenant.createdAt.toISOString(),
      })),
      nextCursor,
    };
  });
}
