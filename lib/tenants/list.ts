import { and, eq, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { BerthError } from '../contract/errors.ts';
import { pageSize } from '../contract/lists.ts';
import type { Tenant, TenantQuery } from '../contract/tenants.ts';
import { asActor, type Tx } from '../db/client.ts';
import { newestFirst } from '../db/cursor.ts';
import { contains } from '../db/filters.ts';
import { containers } from '../db/schema/containers.ts';
import { tenants } from '../db/schema/tenants.ts';
import { users } from '../db/schema/users.ts';
import { within } from '../db/scope.ts';

const order = newestFirst(tenants.createdAt, tenants.id);

/** Tenants within the actor's scope, newest first, with how many containers and people each has. */
export async function listTenants(
  actor: Actor,
  query: Partial<z.infer<typeof TenantQuery>>,
): Promise<{ items: Tenant[]; nextCursor: string | null }> {
  authorize(actor, 'tenant.read');
  const limit = query.limit ?? pageSize;
  return asActor(actor, async (tx) => {
    const rows = await selectTenants(tx)
      .where(
        and(
          within(actor, 'tenant.read', { tenant: tenants.id }),
          query.kind === undefined ? undefined : eq(tenants.kind, query.kind),
          query.resellerId === undefined ? undefined : eq(tenants.resellerId, query.resellerId),
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
    return { items: page.map(shown), nextCursor };
  });
}

/** One tenant, by the same rule as the list of them. */
export async function getTenant(actor: Actor, id: string): Promise<Tenant> {
  authorize(actor, 'tenant.read');
  const [row] = await asActor(actor, (tx) => selectTenants(tx).where(eq(tenants.id, id)));
  if (row === undefined) throw new BerthError('not_found');
  authorize(actor, 'tenant.read', ofTenant(id));
  return shown(row);
}

function selectTenants(tx: Tx) {
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
  return tx
    .select({
      tenant: tenants,
      containers: sql<number>`coalesce(${containerCount.count}, 0)`,
      users: sql<number>`coalesce(${userCount.count}, 0)`,
    })
    .from(tenants)
    .leftJoin(containerCount, eq(containerCount.tenantId, tenants.id))
    .leftJoin(userCount, eq(userCount.tenantId, tenants.id));
}

function shown({
  tenant,
  ...counts
}: {
  tenant: typeof tenants.$inferSelect;
  containers: number;
  users: number;
}): Tenant {
  const { id, name, resellerId, createdAt } = tenant;
  return { id, name, resellerId, ...counts, createdAt: createdAt.toISOString() };
}
