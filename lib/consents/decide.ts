import { and, eq, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize, hasUnlessHeld } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { Facts } from '#lib/contract/audit-facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { utcMinute } from '#lib/contract/moments.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import type { Consent, GrantConsent } from '#lib/contract/tickets.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { accessConsents, tickets } from '#lib/db/schema/tickets.ts';
import { publish } from '#lib/events/publish.ts';
import { mailOwners } from '#lib/mail/owners.ts';
import { emergencyMail } from '#lib/mail/tickets.ts';
import { addToThread } from '#lib/tickets/find.ts';
import { type ConsentRow, consentsOf, stateOf } from './list.ts';
import { approvalsNeeded } from './policy.ts';

const minuteMs = 60_000;

/** The consent, locked. Throws `not_found` and `forbidden`. */
async function consentFor(tx: Tx, actor: UserActor, id: string, permission: Permission): Promise<ConsentRow> {
  const [row] = await tx.select().from(accessConsents).where(eq(accessConsents.id, id)).for('update');
  if (row === undefined) throw new BerthError('not_found');
  authorize(actor, permission, { tenantId: row.tenantId, containerId: row.containerId });
  return row;
}

async function record(
  tx: Tx,
  actor: UserActor,
  row: ConsentRow,
  verb: string,
  words: string,
  detail: Facts = {},
): Promise<void> {
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, row.ticketId));
  const [container] = await tx.select().from(containers).where(eq(containers.id, row.containerId));
  if (ticket !== undefined) await addToThread(tx, actor, ticket, { kind: 'event', body: words });
  await writeAudit(tx, actor, {
    verb,
    tenantId: row.tenantId,
    targetKind: 'container',
    targetId: row.containerId,
    targetName: container?.name ?? null,
    detail: { consentId: row.id, staff: row.staffName, ...detail },
  });
  // The banner over the container.
  await publish(tx, { type: 'container', tenantId: row.tenantId, containerId: row.containerId });
}

async function shown(tx: Tx, actor: UserActor, id: string): Promise<Consent> {
  const [consent] = await consentsOf(tx, actor, eq(accessConsents.id, id));
  if (consent === undefined) throw new BerthError('not_found');
  return consent;
}

/** Nobody is waited for any more: the next word is that of whoever asked. */
async function giveTurnBack(tx: Tx, { ticketId }: ConsentRow): Promise<void> {
  await tx
    .update(tickets)
    .set({ state: 'open', updatedAt: new Date() })
    .where(and(eq(tickets.id, ticketId), eq(tickets.state, 'waiting')));
}

/** The tenant says yes, to all of what was asked for or to less. */
export async function grantConsent(
  actor: UserActor,
  id: string,
  input: z.output<typeof GrantConsent>,
): Promise<Consent> {
  authorize(actor, 'access.consent');
  return await asActor(actor, async (tx) => {
    const row = await consentFor(tx, actor, id, 'access.consent');
    if (stateOf(row) !== 'asked') throw new BerthError('already', 'It was decided already.');
    const scopes = row.scopes.filter((scope) => input.scopes === undefined || input.scopes.includes(scope));
    if (scopes.length === 0) throw new BerthError('invalid', 'Of what was asked for, nothing is left.');
    const minutes = Math.min(row.minutes, input.minutes ?? row.minutes);
    const expiresAt = new Date(Date.now() + minutes * minuteMs);
    await tx
      .update(accessConsents)
      .set({ ...granted(actor), scopes, minutes, expiresAt })
      .where(eq(accessConsents.id, id));
    await giveTurnBack(tx, row);
    const words = `Lets ${row.staffName} look inside for ${minutes} minutes.`;
    await record(tx, actor, row, 'access.grant', words, { scopes, minutes, expiresAt: expiresAt.toISOString() });
    return await shown(tx, actor, id);
  });
}

const granted = (actor: UserActor) => ({
  grantedAt: new Date(),
  grantedById: actor.userId,
  grantedByName: actor.name,
});

const ended = (actor: UserActor) => ({ endedAt: new Date(), endedById: actor.userId, endedByName: actor.name });

/** The tenant says no, or no longer. Whatever is open by it closes within 2 s. */
export async function revokeConsent(actor: UserActor, id: string): Promise<Consent> {
  authorize(actor, 'access.consent');
  return await asActor(actor, async (tx) => {
    const row = await consentFor(tx, actor, id, 'access.consent');
    const state = stateOf(row);
    if (state !== 'asked' && state !== 'granted') throw new BerthError('already', 'It is over already.');
    await tx
      .update(accessConsents)
      .set(ended(actor))
      .where(and(eq(accessConsents.id, id), isNull(accessConsents.endedAt)));
    if (state === 'asked') await giveTurnBack(tx, row);
    const words = state === 'asked' ? `Does not let ${row.staffName} look inside.` : `Ends ${row.staffName}’s access.`;
    await record(tx, actor, row, 'access.revoke', words);
    return await shown(tx, actor, id);
  });
}

/**
 * One of the staff takes back what they asked for, or gives the access back before its time; nobody else's: that is `not_found`. Also
 * while a hold keeps them from asking. Throws `already` when it is over.
 */
export async function withdrawConsent(actor: UserActor, id: string): Promise<Consent> {
  if (!hasUnlessHeld(actor, 'access.request')) throw new BerthError('forbidden');
  return await asActor(actor, async (tx) => {
    const own = and(eq(accessConsents.id, id), eq(accessConsents.staffId, actor.userId));
    const [row] = await tx.select().from(accessConsents).where(own).for('update');
    if (row === undefined) throw new BerthError('not_found');
    if (!hasUnlessHeld(actor, 'access.request', row)) throw new BerthError('forbidden');
    const state = stateOf(row);
    if (state !== 'asked' && state !== 'granted') throw new BerthError('already', 'It is over already.');
    await tx.update(accessConsents).set(ended(actor)).where(eq(accessConsents.id, id));
    if (state === 'asked') await giveTurnBack(tx, row);
    const words = state === 'asked' ? 'No longer asks to look inside.' : 'Ends their own access.';
    await record(tx, actor, row, 'access.withdraw', words, { granted: state === 'granted' });
    return await shown(tx, actor, id);
  });
}

/**
 * An administrator approves an emergency that another asked for. With the last approval that the policy wants it holds, and the tenant's
 * owners and all administrators are written to in the same transaction.
 */
export async function approveEmergency(actor: UserActor, id: string): Promise<Consent> {
  authorize(actor, 'access.emergency');
  return await asActor(actor, async (tx) => {
    const row = await consentFor(tx, actor, id, 'access.emergency');
    if (!row.emergency || stateOf(row) !== 'asked') throw new BerthError('state', 'There is nothing here to approve.');
    if (row.staffId === actor.userId)
      throw new BerthError('forbidden', 'Nobody approves what they asked for themselves.');
    if (row.approvals.some((one) => one.id === actor.userId)) throw new BerthError('already', 'You have approved it.');
    const approvals = [...row.approvals, { id: actor.userId, name: actor.name }];
    const whole = approvals.length >= approvalsNeeded();
    const expiresAt = new Date(Date.now() + row.minutes * minuteMs);
    const names = approvals.map((one) => one.name).join(' and ');
    await tx
      .update(accessConsents)
      .set({
        approvals,
        ...(whole ? { ...granted(actor), grantedByName: `emergency, approved by ${names}`, expiresAt } : {}),
      })
      .where(eq(accessConsents.id, id));
    const words = whole
      ? `Emergency access of ${row.staffName} holds, approved by ${names}.`
      : 'Approves the emergency.';
    await record(tx, actor, row, 'access.emergency', words, { approvals: approvals.length, holds: whole });
    if (whole) await tell(tx, row, { names, expiresAt });
    return await shown(tx, actor, id);
  });
}

async function tell(tx: Tx, row: ConsentRow, { names, expiresAt }: { names: string; expiresAt: Date }): Promise<void> {
  const [container] = await tx.select().from(containers).where(eq(containers.id, row.containerId));
  const facts = {
    ...{ staff: row.staffName, approvers: names, reason: row.reason, until: utcMinute(expiresAt) },
    container: container?.name ?? row.containerId,
  };
  for (const whose of [row.tenantId, null]) {
    await mailOwners(tx, whose, ({ name, email }, at) =>
      emergencyMail(email, { ...facts, name, link: `${at}/containers/${row.containerId}` }),
    );
  }
}
