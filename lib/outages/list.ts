import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission, scopeFor } from '#lib/access/authorize.ts';
import type { Outage, OutageQuery } from '#lib/contract/tickets.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { newestFirst } from '#lib/db/cursor.ts';
import { between } from '#lib/db/filters.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { outageHosts, outages, outageTenants } from '#lib/db/schema/outages.ts';

const order = newestFirst(outages.startedAt, outages.id);

/** Outages that concern the actor, newest first. Row-level security shows a tenant its own part. */
export async function listOutages(
  actor: UserActor,
  query: Partial<z.output<typeof OutageQuery>>,
): Promise<{ items: Outage[]; nextCursor: string | null }> {
  authorize(actor, 'outage.read');
  const limit = query.limit ?? 50;
  return await asActor(actor, async (tx) => {
    const found = await outagesOf(
      tx,
      actor,
      and(
        query.open === true ? isNull(outages.endedAt) : undefined,
        between(outages.startedAt, query),
        order.after(query.cursor),
      ),
      limit + 1,
    );
    const { page, nextCursor } = order.cut(found, limit, ({ startedAt, id }) => ({ key: new Date(startedAt), id }));
    return { items: page, nextCursor };
  });
}

export async function outagesOf(tx: Tx, actor: UserActor, where: SQL | undefined, limit = 1): Promise<Outage[]> {
  const scope = scopeFor(actor, 'outage.read');
  const mine = scope.kind === 'tenant' ? inArray(outageTenants.tenantId, [...scope.tenantIds]) : undefined;
  const concerned = tx
    .select({
      outageId: outageTenants.outageId,
      containers: sql<number>`sum(${outageTenants.containers})::int`.as('containers'),
      tenants: sql<number>`count(*)::int`.as('tenants'),
    })
    .from(outageTenants)
    .where(mine)
    .groupBy(outageTenants.outageId)
    .as('concerned');
  const rows = await tx
    .select({ outage: outages, containers: concerned.containers, tenants: concerned.tenants })
    .from(outages)
    .leftJoin(concerned, eq(concerned.outageId, outages.id))
    .where(and(where, scope.kind === 'tenant' ? sql`${concerned.outageId} is not null` : undefined))
    .orderBy(...order.by)
    .limit(limit);
  const staff = hasPermission(actor, 'outage.declare') || hasPermission(actor, 'host.read');
  const ids = rows.map((row) => row.outage.id);
  const names =
    staff && ids.length > 0
      ? await tx
          .select({ outageId: outageHosts.outageId, name: hosts.name })
          .from(outageHosts)
          .innerJoin(hosts, eq(hosts.id, outageHosts.hostId))
          .where(inArray(outageHosts.outageId, ids))
          .orderBy(hosts.name)
      : [];
  return rows.map(({ outage, containers, tenants }) => ({
    id: outage.id,
    kind: outage.kind,
    title: outage.title,
    startedAt: outage.startedAt.toISOString(),
    endedAt: outage.endedAt?.toISOString() ?? null,
    updates: outage.updates,
    report: outage.report,
    hosts: names.filter((one) => one.outageId === outage.id).map((one) => one.name),
    containers: containers ?? 0,
    tenants: staff ? (tenants ?? 0) : null,
  }));
}
