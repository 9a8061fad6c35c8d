import { and, count, eq, inArray, isNull, notInArray } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor } from '#lib/db/client.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { refuseStale } from '#lib/http/edition.ts';
import { findToChange } from './find.ts';
import { defaultLocation, presentLocation } from './present.ts';

/** Removes one that nothing needs. Throws `conflict` while a backup lies there, a plan or container names it, or it is the default. */
export async function removeLocation(actor: Actor, id: string): Promise<void> {
  authorize(actor, 'location.manage');
  await asActor(actor, async (tx) => {
    const row = await findToChange(tx, actor, id);
    await refuseStale('location', () => presentLocation(tx, actor, row));
    if ((await defaultLocation(tx))?.id === id) throw new BerthError('conflict', 'It is the default location.');
    const [kept] = await tx
      .select({ n: count() })
      .from(backups)
      .innerJoin(repositories, eq(repositories.id, backups.repositoryId))
      .where(and(eq(repositories.locationId, id), notInArray(backups.state, ['deleted', 'failed'])));
    if ((kept?.n ?? 0) > 0) {
      throw new BerthError('conflict', `There are ${kept?.n} backups in it.`, {
        remedy: 'Delete them first, or wait until what is deleted has been pruned there.',
      });
    }
    const [plan] = await tx.select({ name: plans.name }).from(plans).where(eq(plans.locationId, id)).limit(1);
    const [container] = await tx
      .select({ name: containers.name })
      .from(containers)
      .where(and(eq(containers.locationId, id), isNull(containers.deletedAt)))
      .limit(1);
    const user = plan?.name ?? container?.name;
    if (user !== undefined) {
      throw new BerthError('conflict', `Backups of "${user}" go there.`, { remedy: 'Choose another for it first.' });
    }
    // What never became a backup there cannot be deleted there either, should the address be wrong: it goes with the location.
    const there = tx.select({ id: repositories.id }).from(repositories).where(eq(repositories.locationId, id));
    await tx
      .update(backups)
      .set({ state: 'deleted' })
      .where(and(inArray(backups.repositoryId, there), eq(backups.state, 'failed')));
    await tx.update(backupLocations).set({ removedAt: new Date() }).where(eq(backupLocations.id, id));
    const target = { targetKind: 'backup-location', targetId: id, targetName: row.name };
    await writeAudit(tx, actor, {
      verb: 'location.manage',
      tenantId: row.tenantId,
      ...target,
      detail: { removed: true },
    });
  });
}
