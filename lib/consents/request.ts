import { and, eq, isNull, or, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { hasPermission } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { RequestAccess, TicketDetail } from '#lib/contract/tickets.ts';
import { asActor } from '#lib/db/client.ts';
import { accessConsents, tickets } from '#lib/db/schema/tickets.ts';
import { addToThread, asksForLeave, ofTicket, ticketFor } from '#lib/tickets/find.ts';
import { getTicket } from '#lib/tickets/get.ts';
import { about } from '#lib/tickets/message.ts';
import { approvalsNeeded } from './policy.ts';

const scopeWords = { console: 'open a console', files: 'read files', exec: 'run commands' } as const;

/**
 * Asks the tenant, in a ticket about a container, for leave to look inside; the one who asks would be the only one to have it. An
 * emergency asks other administrators instead. One request at a time for each person and ticket.
 */
export async function requestAccess(
  actor: UserActor,
  ticketId: string,
  input: z.output<typeof RequestAccess>,
): Promise<TicketDetail> {
  await asActor(actor, async (tx) => {
    const ticket = await ticketFor(tx, actor, ticketId, 'access.request');
    const { containerId, tenantId } = ticket;
    if (containerId === null) throw new BerthError('state', 'The ticket is about no container.');
    if (ticket.state === 'closed') throw new BerthError('state', 'The ticket is closed.');
    if (input.emergency && !hasPermission(actor, 'access.request', ofTicket(ticket))) throw new BerthError('forbidden');
    const lasting = await tx
      .select({ id: accessConsents.id })
      .from(accessConsents)
      .where(
        and(
          eq(accessConsents.ticketId, ticketId),
          eq(accessConsents.staffId, actor.userId),
          isNull(accessConsents.endedAt),
          or(isNull(accessConsents.expiresAt), sql`${accessConsents.expiresAt} > now()`),
        ),
      );
    if (lasting.length > 0) throw new BerthError('already', 'You have asked in this ticket already.');
    const scopes = [...new Set(input.scopes)];
    const [row] = await tx
      .insert(accessConsents)
      .values({
        ...{ ticketId, tenantId, containerId, scopes, staffId: actor.userId, staffName: actor.name },
        ...{ minutes: input.minutes, reason: input.reason, emergency: input.emergency },
      })
      .returning({ id: accessConsents.id });
    const what = scopes.map((scope) => scopeWords[scope]).join(', ');
    const body = input.emergency
      ? `Asks for emergency access for ${input.minutes} minutes (${what}); ${approvalsNeeded()} other administrators must approve. ${input.reason}`
      : `${asksForLeave} for ${input.minutes} minutes (${what}). ${input.reason}`;
    await addToThread(tx, actor, ticket, { kind: 'event', body });
    // An emergency waits for administrators, not for the tenant.
    const state = input.emergency ? ticket.state : 'waiting';
    await tx.update(tickets).set({ updatedAt: new Date(), state }).where(eq(tickets.id, ticketId));
    await writeAudit(tx, actor, {
      ...about('access.request', ticket, { consentId: row?.id, scopes, minutes: input.minutes, reason: input.reason }),
      targetKind: 'container',
      targetId: containerId,
    });
  });
  return await getTicket(actor, ticketId);
}
