import { asc, eq } from 'drizzle-orm';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission } from '#lib/access/authorize.ts';
import { consentsOf } from '#lib/consents/list.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { TicketDetail } from '#lib/contract/tickets.ts';
import { asActor } from '#lib/db/client.ts';
import { accessConsents, ticketAttachments, ticketMessages, tickets } from '#lib/db/schema/tickets.ts';
import { pricedFor } from '#lib/plans/list.ts';
import { isStaffSide, isUndecided, ofTicket, presentTicket, selectTickets, sideOf, type TicketRow } from './find.ts';
import { assignable } from './handlers.ts';

/** One ticket with its thread, as far as the actor may read it: internal notes are drawn by row-level security, and here again. */
export async function getTicket(actor: UserActor, id: string): Promise<TicketDetail> {
  authorize(actor, 'ticket.read');
  const detail = await asActor(actor, async (tx) => {
    const [named] = await selectTickets(tx).where(eq(tickets.id, id));
    if (named === undefined) throw new BerthError('not_found');
    authorize(actor, 'ticket.read', ofTicket(named.ticket));
    const [frozen] = await tx.select({ snapshot: tickets.snapshot }).from(tickets).where(eq(tickets.id, id));
    const ticket: TicketRow = { ...named.ticket, snapshot: frozen?.snapshot ?? null };
    const side = sideOf(actor, ticket);
    const mayRead = (one: { audience: string }) =>
      one.audience === 'all' || side === 'provider' || (side === 'reseller' && one.audience === 'reseller');
    const messages = await tx
      .select()
      .from(ticketMessages)
      .where(eq(ticketMessages.ticketId, id))
      .orderBy(asc(ticketMessages.createdAt), asc(ticketMessages.id));
    const { id: attachmentId, createdAt: at, authorName: author, audience, name, type, bytes } = ticketAttachments;
    const attachments = await tx
      .select({ id: attachmentId, at, author, audience, name, type, bytes })
      .from(ticketAttachments)
      .where(eq(ticketAttachments.ticketId, id))
      .orderBy(asc(ticketAttachments.createdAt));
    const can = whatMay(actor, ticket, side);
    return {
      ...presentTicket(named),
      snapshot: side === 'tenant' ? withoutPrices(ticket) : ticket.snapshot,
      messages: messages.filter(mayRead).map((one) => ({
        id: one.id,
        at: one.createdAt.toISOString(),
        side: one.side,
        author: one.authorName,
        kind: one.kind,
        internal: one.audience !== 'all',
        body: one.body,
      })),
      attachments: attachments.filter(mayRead).map(({ audience, at, ...one }) => ({
        ...one,
        at: at.toISOString(),
        internal: audience !== 'all',
      })),
      consents: await consentsOf(tx, actor, eq(accessConsents.ticketId, id)),
      can,
      side,
      resellerId: ticket.resellerId,
    };
  });
  const { side, resellerId, ...rest } = detail;
  const assigns = rest.can.assign && isStaffSide(side);
  return { ...rest, assignees: assigns ? await assignable({ ...rest, resellerId }, side) : [] };
}

/** A plan's price is for those to whom whoever makes the plan sells it. */
function withoutPrices({ snapshot, resellerId }: TicketRow): TicketRow['snapshot'] {
  if (snapshot === null || snapshot.plan === null) return snapshot;
  return { ...snapshot, plan: pricedFor(snapshot.plan, resellerId) };
}

function whatMay(actor: UserActor, ticket: TicketRow, side: ReturnType<typeof sideOf>): TicketDetail['can'] {
  const over = ofTicket(ticket);
  const staff = isStaffSide(side);
  const lasts = ticket.state !== 'closed';
  const writes = hasPermission(actor, 'ticket.create', over);
  return {
    write: writes,
    note: staff && writes,
    escalate: staff && lasts && ticket.level === 'reseller',
    assign: staff && lasts,
    close: writes && lasts,
    decide: lasts && isUndecided(ticket) && hasPermission(actor, 'ticket.decide', over),
    requestAccess: staff && lasts && ticket.containerId !== null && hasPermission(actor, 'access.request', over),
  };
}
