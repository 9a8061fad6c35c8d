import { hkdfSync } from 'node:crypto';
import { and, asc, eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { backupLocations, repositories } from '#lib/db/schema/backups.ts';
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

/**
 * The tenant's repository at the default location, with its passwords, made if it is the tenant's first backup. The
 * passwords are for the agent's ears only: keep them out of rows, logs and step results.
 */
export async function repositoryAccess(tx: Tx, tenantId: string, keys: RepositoryKeys) {
  const [location] = await tx.select().from(backupLocations).orderBy(asc(backupLocations.createdAt)).limit(1);
  if (location === undefined) throw new BerthError('internal', 'There is no backup location.');
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
  return {
    id: row.id,
    repository: { tenantId, location: { kind: location.kind, id: location.id, path: location.path } },
    secrets: {
      repositoryPassword: unseal(keys.kek, row.sealedPassword, context(row.id, 'password')),
      recoveryPassword: unseal(keys.kek, row.sealedRecoveryPassword, context(row.id, 'recovery')),
    },
  };
}

/** Makes sure of the default location: a directory on this server, and labelled as such. */
export async function ensureDefaultLocation(tx: Tx, path: string): Promise<void> {
  await tx
    .insert(backupLocations)
    .values({ name: 'This server', kind: 'directory', path, offsite: false })
    .onConflictDoNothing({ target: backupLocations.name });
}
