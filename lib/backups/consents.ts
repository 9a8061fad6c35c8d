import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor, UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { GiveConsent, RestoreConsent } from '#lib/contract/backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { restoreConsents } from '#lib/db/schema/restore-consents.ts';
import { backupFor } from './find.ts';

type ConsentRow = typeof restoreConsents.$inferSelect;

function presentConsent(row: ConsentRow): RestoreConsent {
  const open = row.expiresAt > new Date() ? ('given' as const) : ('expired' as const);
  const { id, backupId, containerId, grantedByName } = row;
  return {
    ...{ id, backupId, containerId, grantedByName },
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    state: row.usedAt !== null ? 'used' : row.revokedAt !== null ? 'revoked' : open,
    usedAt: row.usedAt?.toISOString() ?? null,
  };
}

/** What was consented to for a backup, newest first: the latest 100. */
export async function listConsents(
  actor: Actor,
  backupId: string,
): Promise<{ items: RestoreConsent[]; nextCursor: string | null }> {
  authorize(actor, 'backup.read');
  return await asActor(actor, async (tx) => {
    await backupFor(tx, actor, backupId, 'backup.read');
    const rows = await tx
      .select()
      .from(restoreConsents)
      .where(eq(restoreConsents.backupId, backupId))
      .orderBy(desc(restoreConsents.createdAt), desc(restoreConsents.id))
      .limit(100);
    return { items: rows.map(presentConsent), nextCursor: null };
  });
}

/**
 * An owner lets the provider restore this backup once into one container of another tenant. Whether there is such a container is not
 * looked up: that would tell of another's. Throws `state` for a backup that is not complete.
 */
export async function giveConsent(
  actor: UserActor,
  backupId: string,
  input: z.infer<typeof GiveConsent>,
): Promise<RestoreConsent> {
  authorize(actor, 'backup.consent');
  return await asActor(actor, async (tx) => {
    const { row: backup, facts } = await backupFor(tx, actor, backupId, 'backup.consent');
    // What leaves a tenant is not for whoever has a part of it.
    if (!hasPermission(actor, 'backup.consent', ofTenant(backup.tenantId))) throw new BerthError('forbidden');
    if (backup.state !== 'complete') throw new BerthError('state', 'Only a complete backup can be restored.');
    const [row] = await tx
      .insert(restoreConsents)
      .values({
        id: uuidv7(),
        ...{ tenantId: backup.tenantId, backupId, containerId: input.containerId },
        ...{ grantedBy: actor.userId, grantedByName: actor.name },
        expiresAt: new Date(Date.now() + input.hours * 3_600_000),
      })
      .returning();
    if (row === undefined) throw new Error('the consent was not written');
    await writeAudit(tx, actor, {
      verb: 'backup.consent',
      tenantId: backup.tenantId,
      targetKind: 'backup',
      targetId: backupId,
      targetName: facts.container.name,
      detail: { consentId: row.id, containerId: row.containerId, until: row.expiresAt.toISOString() },
    });
    return presentConsent(row);
  });
}

/** Takes back what has not been used. Throws `not_found`, and `state` when it is too late. */
export async function revokeConsent(actor: Actor, id: string): Promise<null> {
  authorize(actor, 'backup.consent');
  return await asActor(actor, async (tx) => {
    const [row] = await tx.select().from(restoreConsents).where(eq(restoreConsents.id, id)).for('update');
    if (row === undefined) throw new BerthError('not_found');
    authorize(actor, 'backup.consent', ofTenant(row.tenantId));
    if (row.usedAt !== null) throw new BerthError('state', 'It has been used.');
    if (row.revokedAt !== null) return null;
    await tx.update(restoreConsents).set({ revokedAt: new Date() }).where(eq(restoreConsents.id, id));
    await writeAudit(tx, actor, {
      verb: 'backup.consent',
      tenantId: row.tenantId,
      targetKind: 'backup',
      targetId: row.backupId,
      detail: { consentId: id, revoked: true },
    });
    return null;
  });
}

/** Uses up a consent for one restore. Throws `forbidden` when there is none that is still good. */
export async function takeConsent(
  tx: Tx,
  wanted: { backupId: string; containerId: string },
  operationId: string,
): Promise<ConsentRow> {
  const [row] = await tx
    .select()
    .from(restoreConsents)
    .where(
      and(
        eq(restoreConsents.backupId, wanted.backupId),
        eq(restoreConsents.containerId, wanted.containerId),
        isNull(restoreConsents.usedAt),
        isNull(restoreConsents.revokedAt),
        sql`${restoreConsents.expiresAt} > now()`,
      ),
    )
    .orderBy(restoreConsents.expiresAt)
    .limit(1)
    .for('update');
  if (row === undefined) {
    throw new BerthError('forbidden', 'The tenant has not consented to this backup being restored there.', {
      remedy: "An owner of the backup's tenant gives the consent, for this one container.",
    });
  }
  await tx.update(restoreConsents).set({ usedAt: new Date(), operationId }).where(eq(restoreConsents.id, row.id));
  return row;
}
