import { and, asc, eq, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { hasPermission } from '#lib/access/authorize.ts';
import { type MailBrand, mailBrandOf } from '#lib/brands/mail.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { ticketMessages, tickets } from '#lib/db/schema/tickets.ts';
import { users } from '#lib/db/schema/users.ts';
import { written } from '#lib/mail/language.ts';
import { queueMail } from '#lib/mail/outbox.ts';
import { lateTicketMail, ticketMail } from '#lib/mail/tickets.ts';
import { actorOf } from '#lib/people/actor.ts';
import { whoHas } from '#lib/people/who-has.ts';
import { asksForLeave, handedOn, isStaffSide, ofTicket, sideOf, type TicketRow } from './find.ts';
import { type Handler, handlersOf, whoseTurn } from './handlers.ts';

const actor = systemActor('tickets');
type Message = typeof ticketMessages.$inferSelect;
/** `asks`: they read it on the asking side, in the brand of the account it is about; others in the one they belong to. */
type Reader = { id: string; name: string; email: string; asks: boolean };

const staff = (handlers: readonly Handler[]): Reader[] => handlers.map((one) => ({ ...one, asks: false }));

async function brandFor(tx: Tx, { id, asks }: Reader, ticket: TicketRow, baseUrl: string): Promise<MailBrand> {
  if (asks) return await mailBrandOf(tx, ticket.tenantId, baseUrl);
  const [user] = await tx.select({ tenantId: users.tenantId }).from(users).where(eq(users.id, id));
  return await mailBrandOf(tx, user?.tenantId ?? null, baseUrl);
}

/** Those of the tenant who say whether the staff may look inside. */
async function consentersOf(tx: Tx, ticket: TicketRow): Promise<Reader[]> {
  const people = await whoHas(tx, 'access.consent', ofTicket(ticket));
  return people.filter(({ kind }) => kind === 'person').map((one) => ({ ...one, asks: true }));
}

/**
 * Who hears on the asking side: whoever opened it, as long as they may read it. Where that is nobody of the tenant, those who say who may look
 * inside; these too when that is what is asked.
 */
async function askersOf(tx: Tx, ticket: TicketRow, message: Message): Promise<Reader[]> {
  const opener = await actorOf(tx, ticket.openedById);
  const reads = opener !== undefined && hasPermission(opener, 'ticket.read', ofTicket(ticket));
  const asks = reads && !isStaffSide(sideOf(opener, ticket));
  const asksForMore = message.kind === 'event' && message.body.startsWith(asksForLeave);
  return [
    ...(reads ? [{ id: opener.userId, name: opener.name, email: opener.email, asks }] : []),
    ...(asks && !asksForMore ? [] : await consentersOf(tx, ticket)),
  ];
}

/** Whom a message concerns: the other side; of what is internal, whoever it is assigned to if they may read it. Never its writer. */
async function readersOf(tx: Tx, ticket: TicketRow, message: Message): Promise<Reader[]> {
  const handlers = await handlersOf(tx, ticket);
  if (message.audience !== 'all') {
    return staff(
      handlers.filter(
        ({ id, side }) => id === ticket.assigneeId && (message.audience === 'reseller' || side === 'provider'),
      ),
    );
  }
  const turn = staff(whoseTurn(handlers, ticket));
  if (!isStaffSide(message.side)) return turn;
  const goesOn = message.kind === 'event' && message.body === handedOn;
  return [...(goesOn ? turn : []), ...(await askersOf(tx, ticket, message))];
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
      for (const reader of new Map(readers.map((one) => [one.id, one])).values()) {
        const brand = await brandFor(tx, reader, ticket, baseUrl);
        const link = `${brand.baseUrl}/${reader.asks ? 'help' : 'admin/tickets'}/${ticket.id}`;
        await queueMail(
          tx,
          ticketMail(reader.email, {
            ...{ name: reader.name, link, number: ticket.number, subject: ticket.subject, from: message.authorName },
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

const isLate = {
  answer: and(isNull(tickets.firstAnsweredAt), isNull(tickets.lateToldAt), lt(tickets.firstAnswerDueAt, sql`now()`)),
  solution: and(isNull(tickets.solutionLateToldAt), lt(tickets.solveDueAt, sql`now()`)),
};

/** Tells those whose turn it is, once for each of the two, that a target has passed without an answer or a solution. Gives of how many. */
export async function tellOfLateTickets(baseUrl: string): Promise<number> {
  return await asActor(actor, async (tx) => {
    const late = await tx
      .select({
        ticket: tickets,
        answer: sql<boolean>`coalesce(${isLate.answer}, false)`,
        solution: sql<boolean>`coalesce(${isLate.solution}, false)`,
      })
      .from(tickets)
      .where(and(ne(tickets.state, 'closed'), or(isLate.answer, isLate.solution)))
      .orderBy(asc(tickets.createdAt))
      .limit(20)
      .for('update', { skipLocked: true });
    for (const { ticket, answer, solution } of late) {
      const missed = [...(answer ? ['its first answer'] : []), ...(solution ? ['its solution'] : [])];
      for (const reader of staff(whoseTurn(await handlersOf(tx, ticket), ticket))) {
        const brand = await brandFor(tx, reader, ticket, baseUrl);
        const link = `${brand.baseUrl}/admin/tickets/${ticket.id}`;
        const { name, email } = reader;
        const { number, subject } = ticket;
        for (const one of missed) {
          await queueMail(tx, lateTicketMail(email, { name, link, missed: one, number, subject }), brand);
        }
      }
      const told = new Date();
      await tx
        .update(tickets)
        .set({ ...(answer ? { lateToldAt: told } : {}), ...(solution ? { solutionLateToldAt: told } : {}) })
        .where(eq(tickets.id, ticket.id));
    }
    return late.length;
  });
}
