import { asc, eq, isNull, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { Orphan } from '#lib/contract/hosts.ts';
import { asActor } from '#lib/db/client.ts';
import { hosts, orphans } from '#lib/db/schema/hosts.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { tenants } from '#lib/db/schema/tenants.ts';

const most = 500;

/** Containers that only their host knows, by host and name; those to be decided first. */
export async function listOrphans(actor: Actor): Promise<{ items: Orphan[]; nextCursor: null }> {
  authorize(actor, 'host.read');
  return await asActor(actor, async (tx) => {
    const rows = await tx
      .select({ orphan: orphans, hostName: hosts.name, tenantName: tenants.name, planId: plans.id })
      .from(orphans)
      .innerJoin(hosts, eq(hosts.id, orphans.hostId))
      .leftJoin(tenants, eq(tenants.id, orphans.tenantId))
      .leftJoin(plans, sql`${plans.resources} = ${orphans.record}->'resources'`)
      .orderBy(sql`${orphans.state} desc`, asc(hosts.name), asc(orphans.containerId), isNull(plans.id))
      .limit(most);
    // Several plans may give the same; any of them will do as a proposal.
    const first = rows.filter((row, i) => rows[i - 1]?.orphan.containerId !== row.orphan.containerId);
    return { items: first.map(present), nextCursor: null };
  });
}

function present(row: {
  orphan: typeof orphans.$inferSelect;
  hostName: string;
  tenantName: string | null;
  planId: string | null;
}): Orphan {
  const { orphan, hostName, tenantName, planId } = row;
  const { name, hostname, template, address, resources } = orphan.record;
  return {
    id: orphan.containerId,
    state: orphan.state,
    hostId: orphan.hostId,
    hostName,
    name,
    hostname,
    tenantId: orphan.tenantId,
    tenantName,
    planId,
    power: orphan.power,
    generation: orphan.generation,
    template: { name: template.name, version: template.version },
    address,
    resources,
    firstSeenAt: orphan.firstSeenAt.toISOString(),
  };
}
