import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { Ticket, TicketQuery } from '#lib/contract/tickets.ts';
import { asActor } from '#lib/db/client.ts';
import { newestFirst } from '#lib/db/cursor.ts';
import { between, contains } from '#lib/db/filters.ts';
import { tickets } from '#lib/db/schema/tickets.ts';
import { within } from '#lib/db/scope.ts';
import { presentTicket, selectTickets } from './find.ts';

const order = newestFirst(tickets.updatedAt, tickets.id);

/** Tickets within the actor's scope, those where something happened last first. */
export async function listTickets(
  actor: UserActor,
  query: Partial<z.output<typeof TicketQuery>>,
): Promise<{ items: Ticket[]; nextCursor: string | null }> {
  authorize(actor, 'ticket.read');
  const limit = query.limit ?? 50;
  const { state, level, containerId, operationId } = query;
  const rows = await asActor(actor, (tx) =>
    selectTickets(tx)
      .where(
        and(
          within(actor, 'ticket.read', { tenant: tickets.tenantId, container: tickets.containerId }),
          state === undefined ? undefined : eq(tickets.state, state),
          level === undefined ? undefined : eq(tickets.level, level),
          containerId === undefined ? undefined : eq(tickets.containerId, containerId),
          operationId === undefined ? undefined : eq(tickets.operationId, operationId),
          query.mine === true ? eq(tickets.assigneeId, actor.userId) : undefined,
          query.tenantId === undefined ? undefined : eq(tickets.tenantId, query.tenantId),
          contains(query.q, tickets.subject),
          between(tickets.createdAt, query),
          order.after(query.cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(limit + 1),
  );
  const { page, nextCursor } = order.cut(rows, limit, ({ ticket }) => ({ key: ticket.updatedAt, id: ticket.id }));
  return { items: page.map(presentTicket), nextCursor };
}
