import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { asActor } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { backupDamagedMail } from '#lib/mail/messages.ts';
import { mailOwners } from '#lib/mail/owners.ts';

/**
 * Tells the tenant's owners and the provider's administrators of backups that are damaged and were not told of: one mail each, however
 * many of a tenant's backups it is about. Several workers may do this at the same time; each backup is told of once.
 */
export async function tellOfDamage(actor: Actor, baseUrl: string): Promise<void> {
  await asActor(actor, async (tx) => {
    const found = await tx
      .select({ backup: backups, container: containers.name })
      .from(backups)
      .innerJoin(containers, eq(containers.id, backups.containerId))
      .where(
        and(
          eq(backups.health, 'damaged'),
          isNull(backups.damageToldAt),
          inArray(backups.state, ['complete', 'removed']),
        ),
      )
      .orderBy(backups.tenantId, backups.createdAt)
      .limit(1000)
      .for('update', { of: backups, skipLocked: true });
    for (const tenantId of new Set(found.map(({ backup }) => backup.tenantId))) {
      const here = found.filter(({ backup }) => backup.tenantId === tenantId);
      const facts = here.map(({ backup, container }) => ({
        container,
        madeAt: backup.createdAt,
        missing: backup.missing ?? [],
      }));
      for (const whose of [tenantId, null]) {
        await mailOwners(
          tx,
          whose,
          ({ name, email }, at) => backupDamagedMail(email, { name, backups: facts, link: `${at}/backups` }),
          baseUrl,
        );
      }
      const told = here.map(({ backup }) => backup.id);
      await tx.update(backups).set({ damageToldAt: new Date() }).where(inArray(backups.id, told));
    }
  });
}
