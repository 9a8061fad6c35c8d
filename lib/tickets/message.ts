import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { Facts } from '#lib/contract/audit-facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import {
  type AddMessage,
  type AssignTicket,
  type CloseTicket,
  type EscalateTicket,
  mostMessages,
  type TicketDetail,
  type TicketSide,
} from '#lib/contract/tickets.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { refuseMoreThan } from '#lib/db/most.ts';
import { ticketMessages, tickets } from '#lib/db/schema/tickets.ts';
import { addToThread, handedOn, isStaffSide, sideOf, type TicketRow, ticketFor } from './find.ts';
import { getTicket } from './get.ts';
import { assignable } from './handlers.ts';

const change = (tx: Tx, id: string, values: Partial<typeof tickets.$inferInsert>) =>
  tx
    .update(tickets)
    .set({ ...values, updatedAt: new Date() })
    .where(eq(tickets.id, id));

export function about(verb: string, ticket: TicketRow, detail: Facts = {}) {
  return {
    verb,
    tenantId: ticket.tenantId,
    targetKind: 'ticket',
    targetId: ticket.id,
    targetName: `#${ticket.number}`,
    detail,
  };
}

/**
 * Writes in a ticket. An answer of the staff waits for the tenant then, and the first one ends the time for a first answer; a word of
 * the tenant opens it again. What is internal changes none of this, and only staff write it. Throws `plan_limit` beyond {@link mostMessages} of one side.
 */
export async function addMessage(
  actor: UserActor,
  id: string,
  { body, internal }: z.output<typeof AddMessage>,
): Promise<TicketDetail> {
  await asActor(actor, async (tx) => {
    const ticket = await ticketFor(tx, actor, id, 'ticket.create');
    const side = sideOf(actor, ticket);
    const staff = isStaffSide(side);
    if (internal && !staff) throw new BerthError('forbidden');
    await refuseMore(tx, ticket, side);
    await addToThread(tx, actor, ticket, { kind: 'message', body, internal });
    if (!internal) await turn(tx, ticket, staff);
    // Of a note, the tenant reads in the record no more than in the ticket: nothing.
    const record = about(internal ? 'ticket.note' : 'ticket.message', ticket);
    await writeAudit(tx, actor, { ...record, tenantId: internal ? null : ticket.tenantId });
  });
  return await getTicket(actor, id);
}

async function refuseMore(tx: Tx, ticket: TicketRow, side: TicketSide): Promise<void> {
  await refuseMoreThan(tx, {
    turn: `messages of ${side} in ${ticket.id}`,
    table: ticketMessages,
    where: and(
      eq(ticketMessages.ticketId, ticket.id),
      eq(ticketMessages.kind, 'message'),
      eq(ticketMessages.side, side),
    ),
    most: mostMessages,
    detail: `Each side can write ${mostMessages} messages in a ticket.`,
    remedy: 'Open another ticket.',
  });
}

async function turn(tx: Tx, ticket: TicketRow, staff: boolean): Promise<void> {
  const answered = staff && ticket.firstAnsweredAt === null ? { firstAnsweredAt: new Date() } : {};
  // A word of thanks from the staff does not open what is closed.
  const state = staff && ticket.state === 'closed' ? ticket.state : staff ? 'waiting' : 'open';
  await change(tx, ticket.id, { ...answered, state, ...(state === 'closed' ? {} : { closedAt: null }) });
}

/** Hands a reseller's ticket on to the provider. */
export async function escalateTicket(
  actor: UserActor,
  id: string,
  { note }: z.output<typeof EscalateTicket>,
): Promise<TicketDetail> {
  await asActor(actor, async (tx) => {
    const ticket = await ticketFor(tx, actor, id, 'ticket.handle');
    if (ticket.level === 'provider') throw new BerthError('already', 'The provider has it already.');
    if (ticket.state === 'closed') throw new BerthError('state', 'It is closed.');
    await change(tx, id, { level: 'provider', assigneeId: null, assigneeName: null });
    await addToThread(tx, actor, ticket, { kind: 'event', body: handedOn });
    if (note !== undefined) await addToThread(tx, actor, ticket, { kind: 'message', body: note, internal: true });
    await writeAudit(tx, actor, {
      ...about('ticket.escalate', ticket),
      before: { level: 'reseller' },
      after: { level: 'provider' },
    });
  });
  return await getTicket(actor, id);
}

/** Gives it to one of the staff, or to nobody in particular, and says how urgent it is. What is absent stays. */
export async function assignTicket(
  actor: UserActor,
  id: string,
  { assigneeId, priority }: z.output<typeof AssignTicket>,
): Promise<TicketDetail> {
  const people = assigneeId == null ? [] : await assignableBy(actor, id);
  await asActor(actor, async (tx) => {
    const ticket = await ticketFor(tx, actor, id, 'ticket.handle');
    const values: Partial<typeof tickets.$inferInsert> = priority === undefined ? {} : { priority };
    if (assigneeId === null) Object.assign(values, { assigneeId: null, assigneeName: null });
    else if (assigneeId !== undefined) {
      const person = people.find((one) => one.id === assigneeId);
      if (person === undefined) throw new BerthError('not_found', 'There is no such person to give it to.');
      Object.assign(values, { assigneeId: person.id, assigneeName: person.name });
    }
    await change(tx, id, values);
    const words = [
      ...(assigneeId === undefined
        ? []
        : [values.assigneeName ? `Given to ${values.assigneeName}.` : 'Given to nobody.']),
      ...(priority === undefined || priority === ticket.priority ? [] : [`Priority: ${priority}.`]),
    ];
    if (words.length > 0) {
      await addToThread(tx, actor, ticket, { kind: 'event', body: words.join(' '), internal: true });
    }
    await writeAudit(tx, actor, {
      ...about('ticket.assign', ticket),
      before: { assignee: ticket.assigneeName, priority: ticket.priority },
      after: {
        assignee: assigneeId === undefined ? ticket.assigneeName : (values.assigneeName ?? null),
        priority: priority ?? ticket.priority,
      },
    });
  });
  return await getTicket(actor, id);
}

async function assignableBy(actor: UserActor, id: string) {
  const ticket = await asActor(actor, (tx) => ticketFor(tx, actor, id, 'ticket.handle'));
  const side = sideOf(actor, ticket);
  return isStaffSide(side) ? await assignable(ticket, side) : [];
}

/** Ends it. Either side may; a word of the tenant opens it again. */
export async function closeTicket(
  actor: UserActor,
  id: string,
  { solved }: z.output<typeof CloseTicket>,
): Promise<TicketDetail> {
  await asActor(actor, async (tx) => {
    const ticket = await ticketFor(tx, actor, id, 'ticket.create');
    if (ticket.state === 'closed') throw new BerthError('already', 'It is closed already.');
    await change(tx, id, { state: 'closed', closedAt: new Date() });
    await addToThread(tx, actor, ticket, { kind: 'event', body: solved ? 'Closed as solved.' : 'Closed.' });
    await writeAudit(tx, actor, about('ticket.close', ticket, { solved }));
  });
  return await getTicket(actor, id);
}
