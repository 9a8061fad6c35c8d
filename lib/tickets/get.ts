import { and, asc, eq, isNull, or } from 'drizzle-orm';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission } from '#lib/access/authorize.ts';
import { consentsOf } from '#lib/consents/list.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { TicketDetail } from '#lib/contract/tickets.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { accessConsents, ticketAttachments, ticketMessages, tickets } from '#lib/db/schema/tickets.ts';
import { users } from '#lib/db/schema/users.ts';
import { isStaffSide, isUndecided, ofTicket, presentTicket, selectTickets, sideOf, type TicketRow } from './find.ts';

/** One ticket with its thread, as far as the actor may read it: internal notes are drawn by row-level security, and here again. */
export async function getTicket(actor: UserActor, id: string): Promise<TicketDetail> {
  authorize(actor, 'ticket.read');
  return await asActor(actor, async (tx) => {
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
      snapshot: ticket.snapshot,
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
      assignees: can.assign ? await assignable(tx, ticket, side === 'provider') : [],
    };
  });
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

/** Who may be given it: the provider's people, or the reseller's, as far as the actor may know of them. */
export async function assignable(tx: Tx, ticket: Pick<TicketRow, 'resellerId'>, provider: boolean) {
  const ofReseller = ticket.resellerId === null ? undefined : eq(users.tenantId, ticket.resellerId);
  const whose = provider ? or(isNull(users.tenantId), ofReseller) : ofReseller;
  if (whose === undefined) return [];
  return await tx
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(and(whose, isNull(users.disabledAt), eq(users.kind, 'person')))
    .orderBy(users.name)
    .limit(200);
}
