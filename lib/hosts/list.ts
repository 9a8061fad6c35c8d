import { and, asc, count, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { silentAfterMs } from '#lib/containers/place.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { type Host, type PageQuery, pageSize } from '#lib/contract/rest.ts';
import { asActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';

const Cursor = z.tuple([z.string(), z.uuid()]);

function decode(cursor: string | undefined): z.infer<typeof Cursor> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new BerthError('invalid', 'The cursor is not one of ours.', { cause });
  }
}

/** Servers by name, with health by the age of their last word. */
export async function listHosts(
  actor: Actor,
  query: Partial<z.infer<typeof PageQuery>>,
): Promise<{ items: Host[]; nextCursor: string | null }> {
  authorize(actor, 'host.read');
  const limit = query.limit ?? pageSize;
  const after = decode(query.cursor);
  return await asActor(actor, async (tx) => {
    const rows = await tx
      .select()
      .from(hosts)
      .where(
        after === undefined
          ? undefined
          : or(gt(hosts.name, after[0]), and(eq(hosts.name, after[0]), gt(hosts.id, after[1]))),
      )
      .orderBy(asc(hosts.name), asc(hosts.id))
      .limit(limit + 1);
    const page = rows.slice(0, limit);
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
    const last = page.at(-1);
    return {
      items: page.map((row) => presentHost(row, counts.find((one) => one.hostId === row.id) ?? null)),
      nextCursor:
        rows.length > limit && last !== undefined
          ? Buffer.from(JSON.stringify([last.name, last.id])).toString('base64url')
          : null,
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

function health(row: typeof hosts.$inferSelect): Host['health'] {
  if (row.status === 'disabled') return 'disabled';
  if (row.lastSeenAt === null) return 'enrolling';
  return Date.now() - row.lastSeenAt.getTime() > silentAfterMs ? 'silent' : 'ok';
}
