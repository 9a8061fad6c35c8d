import { eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { HostLoss, LostContainer } from '#lib/contract/hosts.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { hosts } from '#lib/db/schema/hosts.ts';

/** A host that was heard of within this is not gone: one that restarts its agent, or is cut off for a moment, is silent for less. */
export const goneAfterMs = 60_000;

type HostRow = typeof hosts.$inferSelect;

/** What would be lost with a host, container by container, by name; and why it cannot be called lost now, if it cannot. */
export async function hostLoss(actor: Actor, id: string): Promise<HostLoss> {
  authorize(actor, 'host.lose');
  return await asActor(actor, async (tx) => {
    const [host] = await tx.select().from(hosts).where(eq(hosts.id, id));
    if (host === undefined) throw new BerthError('not_found');
    return await lossOf(tx, host);
  });
}

export async function lossOf(tx: Tx, host: HostRow): Promise<HostLoss> {
  return {
    hostId: host.id,
    hostName: host.name,
    lastSeenAt: host.lastSeenAt?.toISOString() ?? null,
    refusal: whyNotLost(host),
    containers: await containersOn(tx, host.id),
  };
}

export function whyNotLost({ lastSeenAt }: HostRow): string | null {
  if (lastSeenAt === null || Date.now() - lastSeenAt.getTime() > goneAfterMs) return null;
  return 'It answers, or did within the last minute. What is on it can be stopped and deleted there.';
}

async function containersOn(tx: Tx, hostId: string): Promise<LostContainer[]> {
  const found = await tx.execute<{
    id: string;
    name: string;
    tenant_id: string;
    tenant_name: string;
    newest: Date | string | null;
    in_directory: boolean | null;
    elsewhere: Date | string | null;
    snapshots: number;
    retained: number;
    pending: boolean;
  }>(sql`
    select c.id, c.name, c.tenant_id, t.name as tenant_name,
      b.newest, b.newest is not null and b.newest > coalesce(b.elsewhere, '-infinity') as in_directory, b.elsewhere,
      (select count(*)::int from snapshots s where s.container_id = c.id and s.state <> 'deleted') as snapshots,
      (select count(*)::int from retained_volumes v where v.container_id = c.id and v.consumed_at is null) as retained,
      exists (select from lost_copies l where l.container_id = c.id and l.host_id = c.host_id and l.gone_at is null) as pending
    from containers c
    join tenants t on t.id = c.tenant_id
    left join lateral (
      select max(b.created_at) as newest, max(b.created_at) filter (where l.kind <> 'directory') as elsewhere
      from backups b join repositories r on r.id = b.repository_id join backup_locations l on l.id = r.location_id
      where b.container_id = c.id and b.state = 'complete') b on true
    where c.host_id = ${hostId} and c.deleted_at is null
    order by c.name, c.id`);
  return found.rows.map((row) => ({
    id: row.id,
    name: row.name,
    tenantId: row.tenant_id,
    tenantName: row.tenant_name,
    newestBackupAt: instant(row.newest),
    inDirectory: row.in_directory === true,
    newestElsewhereAt: instant(row.elsewhere),
    snapshots: row.snapshots,
    retained: row.retained,
    pending: row.pending,
  }));
}

const instant = (value: Date | string | null) => (value === null ? null : new Date(value).toISOString());
