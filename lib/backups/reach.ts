/** Which backups a container that is not there any more can come back from: those that some server can still read. */
import { and, desc, eq } from 'drizzle-orm';
import type { ContainerRow } from '#lib/containers/facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';

/** A complete backup, and whose disks it lies on. */
export type LyingBackup = {
  id: string;
  name: string;
  createdAt: Date;
  /** Known not to be whole. */
  damaged: boolean;
  /** The host in whose directory it lies; null: it lies elsewhere, where every host reaches it. */
  holder: { id: string; name: string; lost: boolean } | null;
};

/** The complete backups of a container, newest first. Throws `state` when there is none. */
export async function lyingBackups(tx: Tx, container: ContainerRow): Promise<LyingBackup[]> {
  const rows = await tx
    .select({
      ...{ id: backups.id, name: backups.name, createdAt: backups.createdAt, health: backups.health },
      kind: backupLocations.kind,
      host: { id: hosts.id, name: hosts.name, lostAt: hosts.lostAt },
    })
    .from(backups)
    .innerJoin(repositories, eq(repositories.id, backups.repositoryId))
    .innerJoin(backupLocations, eq(backupLocations.id, repositories.locationId))
    .innerJoin(operations, eq(operations.id, backups.operationId))
    .innerJoin(hosts, eq(hosts.id, operations.hostId))
    .where(and(eq(backups.containerId, container.id), eq(backups.state, 'complete')))
    .orderBy(desc(backups.createdAt), desc(backups.id));
  if (rows.length === 0) {
    throw new BerthError('state', 'It has no complete backup any more.', {
      remedy: 'If one was deleted, have that back first.',
    });
  }
  return rows.map(({ kind, host, health, ...backup }) => {
    // Lost alone, with a host that is not: that host is gone for this container all the same.
    const lost = host.lostAt !== null || (container.lostAt !== null && container.hostId === host.id);
    const holder = kind === 'directory' ? { id: host.id, name: host.name, lost } : null;
    return { ...backup, damaged: health === 'damaged', holder };
  });
}

/**
 * The wished one, reachable or not, for a directory may be a disk that other hosts have too and nobody here knows; else the newest that is not known to be
 * damaged and lies on `hostId` (null: that host cannot be had) or elsewhere. Throws `not_found` for a wish that is not
 * there, `state` when none can be reached.
 */
export function chooseBackup(
  found: readonly LyingBackup[],
  wished: string | undefined,
  hostId: string | null,
): LyingBackup {
  if (wished !== undefined) {
    const named = found.find((one) => one.id === wished);
    if (named === undefined) throw new BerthError('not_found', 'It has no such complete backup.');
    return named;
  }
  const reached = found.filter(({ holder }) => holder === null || holder.id === hostId);
  const chosen = reached.find((one) => !one.damaged);
  if (chosen !== undefined) return chosen;
  if (reached.length > 0) {
    throw new BerthError('state', 'Every backup of it that can be reached is damaged.', {
      remedy: 'Name one (backupId) to try it all the same.',
    });
  }
  throw outOfReach(found);
}

function outOfReach(found: readonly LyingBackup[]): BerthError {
  const holders = new Map(found.flatMap(({ holder }) => (holder === null ? [] : [[holder.id, holder] as const])));
  const where = [...holders.values()].map(
    ({ name, lost }) => `${name}, which ${lost ? 'is lost' : 'cannot be used now'}`,
  );
  return new BerthError(
    'state',
    `None of its backups can be reached: they lie in a directory of ${where.join('; ')}.`,
    {
      remedy:
        'Wait for that server. If its directory is a disk that other servers have too, name one of the backups (backupId) to try it.',
    },
  );
}
