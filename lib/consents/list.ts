import { and, desc, eq, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission, hasUnlessHeld } from '#lib/access/authorize.ts';
import type { Consent, ConsentQuery } from '#lib/contract/tickets.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { accessConsents } from '#lib/db/schema/tickets.ts';
import { within } from '#lib/db/scope.ts';
import { approvalsNeeded } from './policy.ts';

const most = 100;
export type ConsentRow = typeof accessConsents.$inferSelect;

/** Consents that were asked for and given over what the actor may know of, newest first. */
export async function listConsents(
  actor: UserActor,
  { containerId, ticketId }: z.output<typeof ConsentQuery>,
): Promise<{ items: Consent[]; nextCursor: string | null }> {
  authorize(actor, 'ticket.read');
  const items = await asActor(actor, (tx) =>
    consentsOf(
      tx,
      actor,
      and(
        within(actor, 'ticket.read', { tenant: accessConsents.tenantId, container: accessConsents.containerId }),
        containerId === undefined ? undefined : eq(accessConsents.containerId, containerId),
        ticketId === undefined ? undefined : eq(accessConsents.ticketId, ticketId),
      ),
    ),
  );
  return { items, nextCursor: null };
}

export async function consentsOf(tx: Tx, actor: UserActor, where: SQL | undefined): Promise<Consent[]> {
  const rows = await tx
    .select({ consent: accessConsents, containerName: containers.name })
    .from(accessConsents)
    .innerJoin(containers, eq(containers.id, accessConsents.containerId))
    .where(where)
    .orderBy(desc(accessConsents.askedAt))
    .limit(most);
  return rows.map(({ consent, containerName }) => presentConsent(actor, consent, containerName));
}

export function stateOf(row: ConsentRow): Consent['state'] {
  if (row.endedAt !== null) {
    if (row.grantedAt !== null) return 'ended';
    return row.endedById === row.staffId ? 'withdrawn' : 'declined';
  }
  if (row.expiresAt === null) return 'asked';
  return row.expiresAt > new Date() ? 'granted' : 'expired';
}

function presentConsent(actor: UserActor, row: ConsentRow, containerName: string): Consent {
  const state = stateOf(row);
  const over = { tenantId: row.tenantId, containerId: row.containerId };
  const decides = hasPermission(actor, 'access.consent', over);
  const mine = row.staffId === actor.userId;
  const lasts = state === 'asked' || state === 'granted';
  const approved = row.approvals.some((one) => one.id === actor.userId) || mine;
  return {
    id: row.id,
    ticketId: row.ticketId,
    tenantId: row.tenantId,
    containerId: row.containerId,
    containerName,
    staff: { id: row.staffId, name: row.staffName },
    scopes: row.scopes,
    minutes: row.minutes,
    reason: row.reason,
    emergency: row.emergency,
    state,
    askedAt: row.askedAt.toISOString(),
    grantedAt: row.grantedAt?.toISOString() ?? null,
    grantedBy: row.grantedByName,
    approvals: row.approvals.map((one) => one.name),
    approvalsNeeded: row.emergency ? approvalsNeeded() : 0,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    endedBy: row.endedByName,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    mine,
    can: {
      grant: decides && state === 'asked',
      revoke: decides && lasts,
      withdraw: mine && lasts && hasUnlessHeld(actor, 'access.request', over),
      approve: state === 'asked' && row.emergency && !approved && hasPermission(actor, 'access.emergency'),
    },
  };
}
