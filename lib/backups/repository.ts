import { hkdfSync } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { BackupLocation } from '#lib/contract/agent-backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { backupLocations, repositories } from '#lib/db/schema/backups.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { credentialsOf } from '#lib/locations/credentials.ts';
import { defaultLocation, type LocationRow } from '#lib/locations/present.ts';
import { seal, unseal } from '#lib/secrets/seal.ts';

/** The keys that only the worker has: one wraps repository passwords, the other opens every repository. */
export type RepositoryKeys = { kek: Buffer; recoveryPassword: string };

const context = (id: string, what: 'password' | 'recovery') => `repository:${id}:${what}`;

/**
 * A repository's own password, derived: a panel restored from a copy older than the repository opens it all the same. Whoever has
 * the key-encryption key opens the sealed ones too.
 */
function passwordFor(kek: Buffer, tenantId: string, locationId: string): string {
  const about = `berth repository ${tenantId} at ${locationId}`;
  return Buffer.from(hkdfSync('sha256', kek, '', about, 32)).toString('base64url');
}

/** Which repository: the one a backup lies in, or the one that new backups of a container go to. */
export type Which = { repositoryId: string } | { container: { locationId: string | null; planId: string } | null };

async function locationFor(tx: Tx, tenantId: string, which: Which): Promise<LocationRow> {
  const named =
    'repositoryId' in which ? await ofRepository(tx, tenantId, which.repositoryId) : await chosen(tx, which);
  const [row] =
    named === undefined
      ? [await defaultLocation(tx)]
      : await tx.select().from(backupLocations).where(eq(backupLocations.id, named));
  if (row === undefined) throw new BerthError('internal', 'There is no backup location.');
  // Whatever a row says: one tenant's files do not go to another's server.
  if (row.tenantId !== null && row.tenantId !== tenantId) throw new BerthError('not_found', 'The location is gone.');
  return row;
}

async function ofRepository(tx: Tx, tenantId: string, id: string): Promise<string> {
  const [row] = await tx
    .select({ locationId: repositories.locationId })
    .from(repositories)
    .where(and(eq(repositories.id, id), eq(repositories.tenantId, tenantId)));
  if (row === undefined) throw new BerthError('not_found', 'The repository is gone.');
  return row.locationId;
}

async function chosen(tx: Tx, { container }: { container: { locationId: string | null; planId: string } | null }) {
  if (container === null) return undefined;
  const [plan] = await tx.select({ locationId: plans.locationId }).from(plans).where(eq(plans.id, container.planId));
  return container.locationId ?? plan?.locationId ?? undefined;
}

function placeOf(row: LocationRow): BackupLocation {
  const owner = row.tenantId === null ? 'provider' : 'tenant';
  return BackupLocation.parse({ ...row, owner });
}

/**
 * A tenant's repository with its passwords and what one signs in with at its location, made if it is the tenant's first backup
 * there. All of that is for the agent's ears only: keep it out of rows, logs and step results.
 */
export async function repositoryAccess(tx: Tx, tenantId: string, keys: RepositoryKeys, which: Which) {
  const location = await locationFor(tx, tenantId, which);
  const id = uuidv7();
  await tx
    .insert(repositories)
    .values({
      id,
      tenantId,
      locationId: location.id,
      sealedPassword: seal(keys.kek, passwordFor(keys.kek, tenantId, location.id), context(id, 'password')),
      sealedRecoveryPassword: seal(keys.kek, keys.recoveryPassword, context(id, 'recovery')),
    })
    .onConflictDoNothing({ target: [repositories.tenantId, repositories.locationId] });
  const [row] = await tx
    .select()
    .from(repositories)
    .where(and(eq(repositories.tenantId, tenantId), eq(repositories.locationId, location.id)));
  if (row === undefined) throw new Error('the repository was not written');
  const credentials = await credentialsOf(tx, location, keys.kek);
  return {
    id: row.id,
    repository: { tenantId, location: placeOf(location) },
    secrets: {
      repositoryPassword: unseal(keys.kek, row.sealedPassword, context(row.id, 'password')),
      recoveryPassword: unseal(keys.kek, row.sealedRecoveryPassword, context(row.id, 'recovery')),
      ...(credentials && { locationUser: credentials.user, locationPassword: credentials.password }),
    },
  };
}

/** Makes sure of the default location: a directory on this server, and labelled as such. */
export async function ensureDefaultLocation(tx: Tx, path: string): Promise<void> {
  await tx
    .insert(backupLocations)
    .values({ name: 'This server', kind: 'directory', path, offsite: false })
    .onConflictDoNothing();
}
