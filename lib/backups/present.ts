import { eq } from 'drizzle-orm';
import type { Backup } from '#lib/contract/backups.ts';
import type { Tx } from '#lib/db/client.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';

export function selectBackups(tx: Tx) {
  return tx
    .select({
      backup: backups,
      containerName: containers.name,
      location: { name: backupLocations.name, offsite: backupLocations.offsite },
    })
    .from(backups)
    .innerJoin(containers, eq(containers.id, backups.containerId))
    .innerJoin(repositories, eq(repositories.id, backups.repositoryId))
    .innerJoin(backupLocations, eq(backupLocations.id, repositories.locationId));
}

export function presentBackup(row: Awaited<ReturnType<typeof selectBackups>>[number]): Backup {
  const { backup } = row;
  return {
    id: backup.id,
    containerId: backup.containerId,
    containerName: row.containerName,
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
    verifiedAt: backup.verifiedAt?.toISOString() ?? null,
    location: row.location,
    createdAt: backup.createdAt.toISOString(),
    operationId: backup.operationId,
    actorName: backup.actorName,
    recoverableUntil: backup.state === 'removed' ? (backup.purgeAt?.toISOString() ?? null) : null,
  };
}
