import { and, asc, count, eq, inArray, isNull } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { hasPermission, ofTenant } from '#lib/access/authorize.ts';
import type { BackupLocation } from '#lib/contract/locations.ts';
import type { Tx } from '#lib/db/client.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';

export type LocationRow = typeof backupLocations.$inferSelect;

/** The oldest of the provider's: used where nothing names another. */
export async function defaultLocation(tx: Tx): Promise<LocationRow | undefined> {
  const [row] = await tx
    .select()
    .from(backupLocations)
    .where(and(isNull(backupLocations.tenantId), isNull(backupLocations.removedAt)))
    .orderBy(asc(backupLocations.createdAt), asc(backupLocations.id))
    .limit(1);
  return row;
}

function addressOf(row: LocationRow): string {
  if (row.kind === 'directory') return row.path ?? '';
  if (row.kind === 'rest') return row.url ?? '';
  return [row.url, row.bucket, row.prefix].filter(Boolean).join('/');
}

/** Locations as the actor may know them, with how many backups of theirs lie there. */
export async function presentLocations(tx: Tx, actor: Actor, rows: readonly LocationRow[]): Promise<BackupLocation[]> {
  if (rows.length === 0) return [];
  const first = await defaultLocation(tx);
  const counted = await tx
    .select({ locationId: repositories.locationId, state: backups.state, n: count() })
    .from(backups)
    .innerJoin(repositories, eq(repositories.id, backups.repositoryId))
    .where(
      inArray(
        repositories.locationId,
        rows.map((row) => row.id),
      ),
    )
    .groupBy(repositories.locationId, backups.state);
  const sum = (id: string, states: readonly string[]) =>
    counted.filter((one) => one.locationId === id && states.includes(one.state)).reduce((all, one) => all + one.n, 0);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    tenantId: row.tenantId,
    address: hasPermission(actor, 'location.manage', ofTenant(row.tenantId)) ? addressOf(row) : null,
    hasCredentials: row.credentialsRef !== null || row.sealedCredentials !== null,
    appendOnly: row.appendOnly,
    offsite: row.offsite,
    isDefault: row.id === first?.id,
    backups: sum(row.id, ['running', 'complete', 'removed', 'deleting']),
    pendingPrune: sum(row.id, ['pending-prune']),
    createdAt: row.createdAt.toISOString(),
  }));
}

export async function presentLocation(tx: Tx, actor: Actor, row: LocationRow): Promise<BackupLocation> {
  const [shown] = await presentLocations(tx, actor, [row]);
  if (shown === undefined) throw new Error('one row gives one location');
  return shown;
}
