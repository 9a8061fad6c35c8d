import { and, eq, isNull } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, ofTenant } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { type BackupLocation, type CreateBackupLocation, mostLocations } from '#lib/contract/locations.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { refuseMoreThan } from '#lib/db/most.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { putCredentials } from './credentials.ts';
import { presentLocation } from './present.ts';

/**
 * Adds a place on a server elsewhere. What one signs in with is written and never read again by anybody but the worker. Whether the
 * address may be connected to is decided by the host, each time it connects. Throws `conflict` when another has the name, `not_found` for
 * a tenant that one may not know, `plan_limit` beyond {@link mostLocations} of a tenant.
 */
export async function createLocation(
  actor: Actor,
  input: z.infer<typeof CreateBackupLocation>,
): Promise<BackupLocation> {
  authorize(actor, 'location.manage');
  const { credentials, tenantId: asked, ...place } = input;
  const own = actor.kind === 'user' ? actor.tenantId : null;
  const tenantId = asked ?? own;
  authorize(actor, 'location.manage', ofTenant(tenantId));
  return await nameTaken(() =>
    asActor(actor, async (tx) => {
      await refuseUnknownTenant(tx, tenantId);
      if (tenantId !== null) await refuseMore(tx, tenantId);
      const id = uuidv7();
      const credentialsRef = credentials === undefined ? null : await putCredentials(tx, id, credentials);
      const [row] = await tx
        .insert(backupLocations)
        .values({ ...place, id, tenantId, offsite: true, credentialsRef })
        .returning();
      if (row === undefined) throw new Error('an insert returned no row');
      const target = { targetKind: 'backup-location', targetId: id, targetName: row.name };
      const detail = { kind: row.kind, url: row.url, appendOnly: row.appendOnly };
      await writeAudit(tx, actor, { verb: 'location.manage', tenantId, ...target, detail });
      return await presentLocation(tx, actor, row);
    }),
  );
}

async function refuseUnknownTenant(tx: Tx, tenantId: string | null): Promise<void> {
  if (tenantId === null) return;
  const [tenant] = await tx.select({ id: tenants.id }).from(tenants).where(eq(tenants.id, tenantId));
  if (tenant === undefined) throw new BerthError('not_found', 'There is no such tenant.');
}

async function refuseMore(tx: Tx, tenantId: string): Promise<void> {
  await refuseMoreThan(tx, {
    turn: `backup locations of ${tenantId}`,
    table: backupLocations,
    where: and(eq(backupLocations.tenantId, tenantId), isNull(backupLocations.removedAt)),
    most: mostLocations,
    detail: `An account has at most ${mostLocations} places of its own for backups.`,
    remedy: 'Remove a place that holds no backup.',
  });
}

/** Runs a change that another of the same name forbids, and says so. */
export async function nameTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const taken = ['backup_locations_name', 'backup_locations_tenant_name'];
    if (!taken.some((index) => isUniqueViolation(error, index))) throw error;
    throw new BerthError('conflict', 'There is a location of this name.', {
      issues: [{ path: 'name', message: 'is taken' }],
      cause: error,
    });
  }
}
