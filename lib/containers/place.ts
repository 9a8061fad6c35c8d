import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { hostTemplates } from '#lib/db/schema/templates.ts';

/** A host that has not been heard for so long gets nothing new. */
export const silentAfterMs = 10_000;

/**
 * The host for a new container: the wished one, or the one with most room among those that answer and have the template.
 * Throws `state` or `no_space` with the reason.
 */
export async function placeContainer(
  tx: Tx,
  wish: { hostId?: string | undefined; templateId: string; diskBytes: number },
): Promise<typeof hosts.$inferSelect> {
  const candidates = await tx
    .select({ host: hosts })
    .from(hosts)
    .innerJoin(hostTemplates, and(eq(hostTemplates.hostId, hosts.id), eq(hostTemplates.templateId, wish.templateId)))
    .where(
      and(
        eq(hosts.status, 'ok'),
        isNull(hosts.recordsWantedAt),
        gt(hosts.lastSeenAt, new Date(Date.now() - silentAfterMs)),
        wish.hostId === undefined ? undefined : eq(hosts.id, wish.hostId),
      ),
    );
  if (candidates.length === 0) {
    throw new BerthError('state', 'No server that answers has this template.', {
      remedy: 'Build the template on a server first.',
    });
  }
  const waiting = await tx
    .select({ hostId: containers.hostId, bytes: sql<string>`sum((${containers.resources}->>'diskBytes')::bigint)` })
    .from(containers)
    .where(and(isNull(containers.createdOnHostAt), isNull(containers.deletedAt)))
    .groupBy(containers.hostId);
  const room = candidates
    .map(({ host }) => {
      const pool = host.info?.pool;
      const planned = Number(waiting.find((one) => one.hostId === host.id)?.bytes ?? 0);
      return { host, free: pool === undefined ? 0 : pool.sizeBytes - pool.reservedBytes - planned };
    })
    .sort((a, b) => b.free - a.free);
  const [best] = room;
  if (best === undefined || best.free < wish.diskBytes) {
    throw new BerthError('no_space', 'No server has enough room for this plan.');
  }
  return best.host;
}
