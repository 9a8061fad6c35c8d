import { and, count, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { silentAfterMs } from '#lib/containers/place.ts';
import type { Host, HostQuery } from '#lib/contract/hosts.ts';
import { pageSize } from '#lib/contract/lists.ts';
import { asActor } from '#lib/db/client.ts';
import { byName } from '#lib/db/cursor.ts';
import { contains } from '#lib/db/filters.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { single } from '#lib/db/single.ts';

const order = byName(hosts.name, hosts.id);

/** Servers by name, with health by the age of their last word. */
export async function listHosts(
  actor: Actor,
  query: Partial<z.infer<typeof HostQuery>> & { id?: string },
): Promise<{ items: Host[]; nextCursor: string | null }> {
  authorize(actor, 'host.read');
  const limit = query.limit ?? pageSize;
  return await asActor(actor, async (tx) => {
    const rows = await tx
      .select()
      .from(hosts)
      .where(
        and(
          query.id === undefined ? undefined : eq(hosts.id, query.id),
          query.state === undefined ? undefined : inHealth(query.state),
          contains(query.q, hosts.name),
          order.after(query.cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(limit + 1);
    const { page, nextCursor } = order.cut(rows, limit, ({ name, id }) => ({ key: name, id }));
    const counts =
      page.length === 0
        ? []
        : await tx
            .select({
              hostId: containers.hostId,
              all: count(),
              running: sql<number>`count(*) filter (where ${containers.observedPower} = 'running')::int`,
            })
            .from(containers)
            .where(
              and(
                isNull(containers.deletedAt),
                inArray(
                  containers.hostId,
                  page.map((row) => row.id),
                ),
              ),
            )
            .groupBy(containers.hostId);
    return {
      items: page.map((row) => presentHost(row, counts.find((one) => one.hostId === row.id) ?? null)),
      nextCursor,
    };
  });
}

function presentHost(row: typeof hosts.$inferSelect, counts: { all: number; running: number } | null): Host {
  const { info } = row;
  return {
    id: row.id,
    name: row.name,
    address: row.address,
    health: health(row),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    lostAt: row.lostAt?.toISOString() ?? null,
    kernel: info?.kernel ?? null,
    cpus: info?.cpus ?? null,
    memoryBytes: info?.memoryBytes ?? null,
    pool:
      info === null
        ? null
        : {
            driver: info.pool.driver,
            sizeBytes: info.pool.sizeBytes,
            usedBytes: info.pool.usedBytes,
            reservedBytes: info.pool.reservedBytes,
            reflinks: info.pool.reflinks,
          },
    engine: info?.engine ?? {},
    cgroups: info?.cgroups ?? null,
    simulated: info?.simulated ?? false,
    containers: counts?.all ?? 0,
    running: counts?.running ?? 0,
  };
}

/** One of them. */
export async function getHost(actor: Actor, id: string): Promise<Host> {
  return await single(listHosts(actor, { id }));
}

/** {@link health} as a condition. */
function inHealth(wish: Host['health']): SQL {
  const silentSince = new Date(Date.now() - silentAfterMs);
  return sql`(case when ${hosts.status} = 'disabled' then 'disabled' when ${hosts.lostAt} is not null then 'lost'
    when ${hosts.lastSeenAt} is null then 'enrolling' when ${hosts.lastSeenAt} < ${silentSince.toISOString()}::timestamptz then 'silent'
    else 'ok' end) = ${wish}`;
}

function health(row: typeof hosts.$inferSelect): Host['health'] {
  if (row.status === 'disabled') return 'disabled';
  if (row.lostAt !== null) return 'lost';
  if (row.lastSeenAt === null) return 'enrolling';
  return Date.now() - row.lastSeenAt.getTime() > silentAfterMs ? 'silent' : 'ok';
}
