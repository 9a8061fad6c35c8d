import { eq, sql } from 'drizzle-orm';
import type { Backup } from '#lib/contract/backups.ts';
import { type AroundOutcomes, type CommandOutcome, wholeForDays } from '#lib/contract/integrity.ts';
import type { Tx } from '#lib/db/client.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';

/** Of the latest restore test: when, whether passed, why not, how long it took. */
const latestTest = sql<{ at: string; passed: boolean; why: string | null; tookMs: number } | null>`(
  select json_build_object('at', t.report->'testedAt', 'passed', t.passed, 'why', t.report->'why', 'tookMs', t.report->'tookMs')
  from backup_tests t where t.backup_id = ${backups.id} order by t.tested_at desc limit 1)`;

/** The lost host whose directory it lies in: the one that made it. */
const lostWith = sql<
  string | null
>`(select ${hosts.name} from ${operations} join ${hosts} on ${hosts.id} = ${operations.hostId}
  where ${operations.id} = ${backups.operationId} and ${backupLocations.kind} = 'directory'
    and (${hosts.lostAt} is not null or ${containers.lostAt} is not null and ${containers.hostId} = ${hosts.id}))`;

export function selectBackups(tx: Tx) {
  return tx
    .select({
      backup: backups,
      containerName: containers.name,
      containerDeletedAt: containers.deletedAt,
      undeleteUntil: containers.undeleteUntil,
      test: latestTest,
      location: { name: backupLocations.name, offsite: backupLocations.offsite, lostWith },
    })
    .from(backups)
    .innerJoin(containers, eq(containers.id, backups.containerId))
    .innerJoin(repositories, eq(repositories.id, backups.repositoryId))
    .innerJoin(backupLocations, eq(backupLocations.id, repositories.locationId));
}

/** `inside`: whether the reader may know names of files in it. */
export function presentBackup(row: Awaited<ReturnType<typeof selectBackups>>[number], inside: boolean): Backup {
  const { backup } = row;
  return {
    id: backup.id,
    containerId: backup.containerId,
    containerName: row.containerName,
    ...(row.containerDeletedAt === null
      ? {}
      : { containerDeleted: { until: row.undeleteUntil?.toISOString() ?? null } }),
    name: backup.name,
    note: backup.note,
    protected: backup.protected,
    scheduled: backup.scheduled,
    state: backup.state,
    template: backup.template === null ? null : { name: backup.template.name, version: backup.template.version },
    files: backup.files,
    bytesTotal: backup.bytesTotal,
    bytesAdded: backup.bytesAdded,
    frees:
      backup.freesBytes === null || backup.freesAt === null
        ? null
        : { bytes: backup.freesBytes, at: backup.freesAt.toISOString() },
    freezeMs: backup.freezeMs,
    commands: backup.commands === null ? null : endsOf(backup.commands),
    verifiedAt: backup.verifiedAt?.toISOString() ?? null,
    health: healthOf(backup, inside),
    test: row.test,
    location: row.location,
    createdAt: backup.createdAt.toISOString(),
    operationId: backup.operationId,
    actorName: backup.actorName,
    recoverableUntil: backup.state === 'removed' ? (backup.purgeAt?.toISOString() ?? null) : null,
  };
}

const dayMs = 24 * 3_600_000;

/** One that nobody has looked at for long is not called whole any more. */
function healthOf(backup: typeof backups.$inferSelect, inside: boolean, now = Date.now()): Backup['health'] {
  const { health, healthAt, missing } = backup;
  const old = healthAt === null || now - healthAt.getTime() > wholeForDays * dayMs;
  return {
    state: health === 'whole' && old ? 'unchecked' : health,
    at: healthAt?.toISOString() ?? null,
    missing: inside ? (missing ?? []) : [],
  };
}

function endsOf({ before, after }: AroundOutcomes): NonNullable<Backup['commands']> {
  const end = (outcome: CommandOutcome | null) => {
    if (outcome === null) return null;
    const { exitCode, timedOut, tookMs } = outcome;
    return { exitCode, timedOut, tookMs };
  };
  return { before: end(before), after: end(after) };
}
