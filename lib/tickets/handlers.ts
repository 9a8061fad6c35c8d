import { systemActor } from '#lib/access/actor.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { whoHas } from '#lib/people/who-has.ts';
import { handlingSide, ofTicket, type TicketRow } from './find.ts';

/** One who may handle a ticket, and for whom. */
export type Handler = { id: string; name: string; email: string; side: 'provider' | 'reseller' };
type About = Pick<TicketRow, 'tenantId' | 'containerId' | 'resellerId'>;

/** The people who may handle a ticket now, by name. The transaction must be the portal's own: others see not all of them. */
export async function handlersOf(tx: Tx, ticket: About): Promise<Handler[]> {
  const people = await whoHas(tx, 'ticket.handle', ofTicket(ticket));
  return people
    .filter(({ kind }) => kind === 'person')
    .flatMap(({ id, name, email, giving }) => {
      const side = handlingSide(giving, ticket);
      return side === null ? [] : [{ id, name, email, side }];
    });
}

/** Of these, whose turn it is: whom it was given to, as long as they may; else all of whoever has it; all there are before nobody. */
export function whoseTurn(
  handlers: readonly Handler[],
  ticket: Pick<TicketRow, 'assigneeId' | 'level'>,
): readonly Handler[] {
  const assignee = handlers.filter(({ id }) => id === ticket.assigneeId);
  if (assignee.length > 0) return assignee;
  const level = handlers.filter(({ side }) => side === ticket.level);
  return level.length > 0 ? level : handlers;
}

/**
 * Whom somebody who handles a ticket may give it to: a reseller's people one of theirs, wherever their account is; the provider's any. In
 * a transaction of its own, as the portal: row-level security shows a reseller nobody whose account is elsewhere.
 */
export async function assignable(ticket: About, side: Handler['side']): Promise<{ id: string; name: string }[]> {
  const handlers = await asActor(systemActor('tickets'), (tx) => handlersOf(tx, ticket));
  return handlers.filter((one) => side === 'provider' || one.side === 'reseller').map(({ id, name }) => ({ id, name }));
}
