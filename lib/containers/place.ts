import { and, eq, exists, inArray, isNull, notInArray, sql } from 'drizzle-orm';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { hostTemplates } from '#lib/db/schema/templates.ts';
import { takeTurn } from '#lib/db/turn.ts';
import { asPortal } from './ports.ts';

/** A host that has not been heard for so long gets nothing new. */
export const silentAfterMs = 10_000;

/**
 * The host for a new container: the wished one, or the one with most room among those that answer and have the template, if one is
 * named. Throws `state` when no server has the template, `host_unreachable` when those that have it are silent or disabled,
 * `no_space` when none has room.
 */
export async function placeContainer(
  tx: Tx,
  wish: {
    hostId?: string | undefined;
    templateId?: string;
    diskBytes: number;
    /** On these only; null: on any. */
    among?: readonly string[] | null;
    /** Not on these, whatever else is said. */
    except?: readonly string[];
  },
): Promise<typeof hosts.$inferSelect> {
  const { hostId, templateId } = wish;
  const holds = templateId === undefined ? [] : [eq(hostTemplates.templateId, templateId)];
  const holders = await tx
    .select({ host: hosts })
    .from(hosts)
    .where(
      and(
        hostId === undefined ? undefined : eq(hosts.id, hostId),
        wish.among == null ? undefined : inArray(hosts.id, [...wish.among]),
        wish.except === undefined ? undefined : notInArray(hosts.id, [...wish.except]),
        ...holds.map((held) =>
          exists(
            tx
              .select()
              .from(hostTemplates)
              .where(and(eq(hostTemplates.hostId, hosts.id), held)),
          ),
        ),
      ),
    );
  const heardSince = Date.now() - silentAfterMs;
  const candidates = holders.filter(
    ({ host }) =>
      host.status === 'ok' &&
      host.lostAt === null &&
      host.recordsWantedAt === null &&
      host.lastSeenAt !== null &&
      host.lastSeenAt.getTime() > heardSince,
  );
  if (candidates.length === 0)
    throw nowhere(
      holders.map(({ host }) => host),
      templateId,
    );
  // One asker at a time, so that the same room is not given twice.
  await takeTurn(tx, 'place');
  const waiting = await asPortal(tx, () =>
    tx
      .select({ hostId: containers.hostId, bytes: sql<string>`sum((${containers.resources}->>'diskBytes')::bigint)` })
      .from(containers)
      .where(and(isNull(containers.createdOnHostAt), isNull(containers.deletedAt)))
      .groupBy(containers.hostId),
  );
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

/** Why no server can be chosen, and what helps: only a template that is nowhere has to be built. */
function nowhere(holders: readonly (typeof hosts.$inferSelect)[], templateId: string | undefined): BerthError {
  if (holders.length === 0 && templateId === undefined) {
    return new BerthError('host_unreachable', 'There is no other server that it could go to.');
  }
  if (holders.length === 0) {
    return new BerthError('state', 'No server has this template.', { remedy: 'Build the template on a server first.' });
  }
  if (holders.every((host) => host.status === 'disabled')) {
    return new BerthError('state', 'Every server that has this template is disabled.', {
      remedy: 'Enable one, or build the template on another server.',
    });
  }
  return new BerthError('host_unreachable', 'No server that has this template answers at the moment.', {
    remedy: 'Try again in a minute. If it lasts, look at the list of servers.',
  });
}
