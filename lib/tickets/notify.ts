import { and, asc, eq, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { type MailBrand, mailBrandOf } from '#lib/brands/mail.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { ticketMessages, tickets } from '#lib/db/schema/tickets.ts';
import { users } from '#lib/db/schema/users.ts';
import { written } from '#lib/mail/language.ts';
import { queueMail } from '#lib/mail/outbox.ts';
import { lateTicketMail, ticketMail } from '#lib/mail/tickets.ts';
import { holdersOf } from '#lib/people/holders.ts';
import type { TicketRow } from './find.ts';

const actor = systemActor('tickets');
type Person = { id: string; name: string; email: string };
type Message = typeof ticketMessages.$inferSelect;

/** The people whose turn it is: the reseller's, or the provider's support and administrators. */
export async function handlersOf(tx: Tx, ticket: Pick<TicketRow, 'level' | 'resellerId'>): Promise<Person[]> {
  const roles =
    ticket.level === 'reseller' && ticket.resellerId !== null
      ? (['reseller-owner', 'reseller-staff'] as const)
      : (['support', 'provider-admin'] as const);
  const whose = ticket.level === 'reseller' ? ticket.resellerId : null;
  const lists: Person[] = [];
  for (const role of roles) lists.push(...(await holdersOf(tx, role, whose)));
  return [...new Map(lists.map((one) => [one.id, one])).values()];
}

async function personOf(tx: Tx, id: string): Promise<Person[]> {
  return await tx
    .select({ id: users.id, name: users.name, email: users.email })
    .from(users)
    .where(and(eq(users.id, id), isNull(users.disabledAt)));
}

/** Who asked is written to in the brand of the account it is about; everybody else in the one they belong to. */
async function brandFor(tx: Tx, whose: { tenantId: string } | { id: string }, baseUrl: string): Promise<MailBrand> {
  if ('tenantId' in whose) return await mailBrandOf(tx, whose.tenantId, baseUrl);
  const [user] = await tx.select({ tenantId: users.tenantId }).from(users).where(eq(users.id, whose.id));
  return await mailBrandOf(tx, user?.tenantId ?? null, baseUrl);
}

/** Whom a message concerns: the other side; of what is internal, whoever it is assigned to. Never its writer, and never a tenant. */
async function readersOf(tx: Tx, ticket: TicketRow, message: Message): Promise<Person[]> {
  const staff = message.side === 'reseller' || message.side === 'provider';
  const assigned = ticket.assigneeId === null ? [] : await personOf(tx, ticket.assigneeId);
  if (message.audience !== 'all') return assigned;
  const handedOn = message.kind === 'event' && message.body.startsWith('Handed on');
  const toStaff = handedOn ? await handlersOf(tx, ticket) : [];
  if (staff) return [...toStaff, ...(await personOf(tx, ticket.openedById))];
  return assigned.length > 0 ? assigned : await handlersOf(tx, ticket);
}

/**
 * Writes to those whom new messages concern. Each once, however many workers do it: the message's row is locked while its mails go into
 * the outbox. Gives how many messages it told of.
 */
export async function tellOfTickets(baseUrl: string): Promise<number> {
  return await asActor(actor, async (tx) => {
    const untold = await tx
      .select()
      .from(ticketMessages)
      .where(isNull(ticketMessages.notifiedAt))
      .orderBy(asc(ticketMessages.createdAt))
      .limit(20)
      .for('update', { skipLocked: true });
    for (const message of untold) {
      const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, message.ticketId));
      if (ticket === undefined) continue;
      const readers = (await readersOf(tx, ticket, message)).filter((one) => one.id !== message.authorId);
      for (const { id, name, email } of new Map(readers.map((one) => [one.id, one])).values()) {
        const opener = id === ticket.openedById;
        const brand = await brandFor(tx, opener ? ticket : { id }, baseUrl);
        const link = `${brand.baseUrl}/${opener ? 'help' : 'admin/tickets'}/${ticket.id}`;
        await queueMail(
          tx,
          ticketMail(email, {
            ...{ name, link, number: ticket.number, subject: ticket.subject, from: message.authorName },
            text: message.kind === 'message' ? written(message.body) : message.body,
          }),
          brand,
        );
      }
    }
    const ids = untold.map((one) => one.id);
    if (ids.length > 0) {
      await tx.update(ticketMessages).set({ notifiedAt: new Date() }).where(inArray(ticketMessages.id, ids));
    }
    return untold.length;
  });
}

/** Tells the handlers, once, of each ticket whose target has passed without an answer or a solution. */
export async function tellOfLateTickets(baseUrl: string): Promise<number> {
  return await asActor(actor, async (tx) => {
    const late = await tx
      .select()
      .from(tickets)
      .where(
        and(
          ne(tickets.state, 'closed'),
          isNull(tickets.lateToldAt),
          or(
            and(isNull(tickets.firstAnsweredAt), lt(tickets.firstAnswerDueAt, sql`now()`)),
            lt(tickets.solveDueAt, sql`now()`),
          ),
        ),
      )
      .limit(20)
      .for('update', { skipLocked: true });
    for (const ticket of late) {
      const missed = ticket.firstAnsweredAt === null ? 'its first answer' : 'its solution';
      const people = ticket.assigneeId === null ? await handlersOf(tx, ticket) : await personOf(tx, ticket.assigneeId);
      for (const { id, name, email } of people) {
        const brand = await brandFor(tx, { id }, baseUrl);
        const link = `${brand.baseUrl}/admin/tickets/${ticket.id}`;
        await queueMail(
          tx,
          lateTicketMail(email, { name, link, missed, number: ticket.number, subject: ticket.subject }),
          brand,
        );
      }
      await tx.update(tickets).set({ lateToldAt: new Date() }).where(eq(tickets.id, ticket.id));
    }
    return late.length;
  });
}
