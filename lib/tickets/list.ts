import { and, desc, eq, inArray } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission } from '#lib/access/authorize.ts';
import type { Ticket, TicketMention, TicketQuery } from '#lib/contract/tickets.ts';
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

/** The tickets about these operations that the actor may read, by the operation's id; those where something happened last first. */
export async function ticketsAbout(
  actor: UserActor,
  operationIds: readonly string[],
): Promise<Record<string, TicketMention[]>> {
  if (operationIds.length === 0 || !hasPermission(actor, 'ticket.read')) return {};
  const rows = await asActor(actor, (tx) =>
    tx
      .select({
        ...{ operationId: tickets.operationId, id: tickets.id },
        ...{ number: tickets.number, state: tickets.state },
      })
      .from(tickets)
      .where(
        and(
          within(actor, 'ticket.read', { tenant: tickets.tenantId, container: tickets.containerId }),
          inArray(tickets.operationId, [...operationIds]),
        ),
      )
      .orderBy(desc(tickets.updatedAt), desc(tickets.id)),
  );
  const groups = Map.groupBy(rows, ({ operationId }) => operationId ?? '');
  return Object.fromEntries(
    [...groups].map(([about, found]) => [about, found.map(({ operationId: _, ...ticket }) => ticket)]),
  );
}
