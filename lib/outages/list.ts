import { and, eq, gt, inArray, isNotNull, isNull, lte, notInArray, or, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission, scopeFor } from '#lib/access/authorize.ts';
import type { Outage, OutageQuery } from '#lib/contract/tickets.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { newestFirst } from '#lib/db/cursor.ts';
import { between } from '#lib/db/filters.ts';
import { containers } from '#lib/db/schema/containers.ts';
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
  const parts = await partsOf(actor);
  return await asActor(actor, async (tx) => {
    const found = await outagesOf(
      tx,
      actor,
      and(
        query.open === true ? isNull(outages.endedAt) : undefined,
        between(outages.startedAt, query),
        order.after(query.cursor),
      ),
      { limit: limit + 1, parts },
    );
    const { page, nextCursor } = order.cut(found, limit, ({ startedAt, id }) => ({ key: new Date(startedAt), id }));
    return { items: page, nextCursor };
  });
}

/** How many single containers an outage concerns, by its id. */
type Parts = ReadonlyMap<string, number>;

/**
 * The outages that concern containers which the actor reaches without the rest of their tenant, by a label or one by one: those that were on one of
 * the hosts when it began. Looked up as the portal, for a tenant's people do not know which hosts these are.
 */
async function partsOf(actor: UserActor): Promise<Parts> {
  const scope = scopeFor(actor, 'outage.read');
  if (scope.kind !== 'tenant' || scope.containerIds.length === 0) return new Map();
  const { tenantIds, containerIds } = scope;
  const rows = await asActor(systemActor('outages'), (tx) =>
    tx
      .select({ outageId: outages.id, containers: sql<number>`count(distinct ${containers.id})::int` })
      .from(outages)
      .innerJoin(outageHosts, eq(outageHosts.outageId, outages.id))
      .innerJoin(containers, eq(containers.hostId, outageHosts.hostId))
      .where(
        and(
          inArray(containers.id, [...containerIds]),
          tenantIds.length === 0 ? undefined : notInArray(containers.tenantId, [...tenantIds]),
          lte(containers.createdAt, outages.startedAt),
          or(isNull(containers.deletedAt), gt(containers.deletedAt, outages.startedAt)),
        ),
      )
      .groupBy(outages.id),
  );
  return new Map(rows.map((row) => [row.outageId, row.containers]));
}

export async function outagesOf(
  tx: Tx,
  actor: UserActor,
  where: SQL | undefined,
  { limit = 1, parts = new Map() }: { limit?: number; parts?: Parts } = {},
): Promise<Outage[]> {
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
    .where(
      and(
        where,
        scope.kind === 'tenant' ? or(isNotNull(concerned.outageId), inArray(outages.id, [...parts.keys()])) : undefined,
      ),
    )
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
  return rows.map(({ outage, containers: ofWhole, tenants }) => ({
    id: outage.id,
    kind: outage.kind,
    title: outage.title,
    startedAt: outage.startedAt.toISOString(),
    endedAt: outage.endedAt?.toISOString() ?? null,
    updates: outage.updates,
    report: outage.report,
    hosts: names.filter((one) => one.outageId === outage.id).map((one) => one.name),
    containers: (ofWhole ?? 0) + (parts.get(outage.id) ?? 0),
    tenants: staff ? (tenants ?? 0) : null,
  }));
}
