import { and, eq, isNull } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { takeTurn } from '#lib/db/turn.ts';
import type { LocationRow } from './present.ts';

/**
 * A location, for as long as the transaction lasts neither removed nor chosen by another. `not_found` unless it is there for the
 * actor to see. The lock is not the row's: whoever may not change a row may not lock it either.
 */
export async function findLocation(tx: Tx, id: string): Promise<LocationRow> {
  await takeTurn(tx, `backup-location:${id}`);
  const [row] = await tx
    .select()
    .from(backupLocations)
    .where(and(eq(backupLocations.id, id), isNull(backupLocations.removedAt)));
  if (row === undefined) throw new BerthError('not_found');
  return row;
}

/** One that the actor may change: of a tenant in reach, or the provider's own for its staff. Anybody sees those; fewer change them. */
export async function findToChange(tx: Tx, actor: Actor, id: string): Promise<LocationRow> {
  const [seen] = await tx.select().from(backupLocations).where(eq(backupLocations.id, id));
  if (seen === undefined || seen.removedAt !== null) throw new BerthError('not_found');
  const whose = ofTenant(seen.tenantId);
  if (seen.tenantId !== null) authorize(actor, 'location.manage', whose);
  else if (!hasPermission(actor, 'location.manage', whose)) throw new BerthError('forbidden', 'It is the provider’s.');
  return await findLocation(tx, id);
}

/** One that the backups of a plan may go to. */
export async function findForPlan(tx: Tx, id: string): Promise<LocationRow> {
  const location = await findLocation(tx, id);
  if (location.tenantId === null) return location;
  throw new BerthError('invalid', "A plan's backups go to a location of the provider's.");
}
