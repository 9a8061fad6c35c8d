import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { BackupLocation } from '#lib/contract/locations.ts';
import { asActor } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { single } from '#lib/db/single.ts';
import { presentLocations } from './present.ts';

/** The provider's locations and those of the tenants within the actor's scope, oldest first. */
export async function listLocations(actor: Actor, id?: string): Promise<{ items: BackupLocation[]; nextCursor: null }> {
  authorize(actor, 'location.read');
  return await asActor(actor, async (tx) => {
    const rows = await tx
      .select()
      .from(backupLocations)
      .where(and(isNull(backupLocations.removedAt), id === undefined ? undefined : eq(backupLocations.id, id)))
      .orderBy(asc(backupLocations.createdAt), asc(backupLocations.id));
    return { items: await presentLocations(tx, actor, rows), nextCursor: null };
  });
}

/** One of them. */
export async function getLocation(actor: Actor, id: string): Promise<BackupLocation> {
  return await single(listLocations(actor, id));
}
