import { asc, isNull } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { BackupLocation } from '#lib/contract/rest.ts';
import { asActor } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { presentLocations } from './present.ts';

/** The provider's locations and those of the tenants within the actor's scope, oldest first. */
export async function listLocations(actor: Actor): Promise<{ items: BackupLocation[]; nextCursor: null }> {
  authorize(actor, 'location.read');
  return await asActor(actor, async (tx) => {
    const rows = await tx
      .select()
      .from(backupLocations)
      .where(isNull(backupLocations.removedAt))
      .orderBy(asc(backupLocations.createdAt), asc(backupLocations.id));
    return { items: await presentLocations(tx, actor, rows), nextCursor: null };
  });
}
