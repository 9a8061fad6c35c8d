import { eq, getTableColumns } from 'drizzle-orm';
import type { Actor, Assignment } from '#lib/access/actor.ts';
import { authorize, covers, type Resource } from '#lib/access/authorize.ts';
import { audienceOf } from '#lib/access/policy.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import type { Ticket, TicketSide } from '#lib/contract/tickets.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { ticketMessages, tickets } from '#lib/db/schema/tickets.ts';
import { publish } from '#lib/events/publish.ts';

export type TicketRow = typeof tickets.$inferSelect;
export type NamedTicket = { ticket: TicketRow; tenantName: string; containerName: string | null };

export const ofTicket = ({ tenantId, containerId }: Pick<TicketRow, 'tenantId' | 'containerId'>): Resource => ({
  tenantId,
  containerId,
});

/** What of a ticket lists show: all but the snapshot, which may be long. */
const { snapshot: _, ...columns } = getTableColumns(tickets);

export function selectTickets(tx: Tx) {
  return tx
    .select({ ticket: columns, tenantName: tenants.name, containerName: containers.name })
    .from(tickets)
    .innerJoin(tenants, eq(tenants.id, tickets.tenantId))
    .leftJoin(containers, eq(containers.id, tickets.containerId));
}

/** The ticket, locked, if the actor has the right over it. Throws `not_found` and `forbidden`. */
export async function ticketFor(tx: Tx, actor: Actor, id: string, permission: Permission): Promise<TicketRow> {
  const [row] = await tx.select().from(tickets).where(eq(tickets.id, id)).for('update');
  if (row === undefined) throw new BerthError('not_found');
  authorize(actor, permission, ofTicket(row));
  return row;
}

type About = Pick<TicketRow, 'tenantId' | 'containerId' | 'resellerId'>;

/**
 * For whom somebody with these roles handles a ticket; null: they do not. Consents are no roles. A reseller's people do not handle what
 * is asked about the reseller's own account: what the provider notes for itself is not theirs.
 */
export function handlingSide(roles: readonly Assignment[], ticket: About): 'provider' | 'reseller' | null {
  const giving = roles.filter(
    (one) => one.consent === undefined && one.permissions.has('ticket.handle') && covers(one, ofTicket(ticket)),
  );
  if (giving.some(({ base }) => audienceOf(base) === 'provider')) return 'provider';
  return giving.length > 0 && ticket.resellerId !== null ? 'reseller' : null;
}

/** Where the actor stands: whoever does not handle it, stands on the asking side. */
export function sideOf(actor: Actor, ticket: About): TicketSide {
  return actor.kind === 'system' ? 'system' : (handlingSide(actor.assignments, ticket) ?? 'tenant');
}

/** Whoever died while performing what a ticket asks for has lost it after this: another may decide, and meets what is there already. */
const claimMs = 60_000;

/** Whether what a ticket asks for is still to be decided, and nobody is at it. */
export const isUndecided = ({ actionState, updatedAt }: Pick<TicketRow, 'actionState' | 'updatedAt'>): boolean =>
  actionState === 'asked' || (actionState === 'approving' && updatedAt.getTime() < Date.now() - claimMs);

export const isStaffSide = (side: TicketSide): side is 'reseller' | 'provider' =>
  side === 'reseller' || side === 'provider';

/** Who besides the writer's own side may read what is internal: a reseller's notes the provider too; the provider's nobody. */
export function audienceFor(side: TicketSide, internal: boolean): 'all' | 'reseller' | 'provider' {
  if (!internal) return 'all';
  return side === 'reseller' ? 'reseller' : 'provider';
}

/** How events begin that concern more people than others do; they are known by it. */
export const handedOn = 'Handed on to the provider.';
export const asksForLeave = 'Asks for your leave to look inside';

type NewMessage = {
  kind: 'message' | 'event';
  body: string;
  internal?: boolean;
};

/** Adds to the thread, in the caller's transaction, and tells live pages, but not of what is internal: a tenant would hear it. */
export async function addToThread(tx: Tx, actor: Actor, ticket: TicketRow, message: NewMessage): Promise<string> {
  const side = sideOf(actor, ticket);
  const audience = audienceFor(side, message.internal ?? false);
  const [row] = await tx
    .insert(ticketMessages)
    .values({
      ticketId: ticket.id,
      tenantId: ticket.tenantId,
      audience,
      kind: message.kind,
      side,
      authorId: actor.kind === 'user' ? actor.userId : null,
      authorName: actor.name,
      body: message.body,
    })
    .returning({ id: ticketMessages.id });
  if (audience === 'all') {
    const { tenantId, containerId } = ticket;
    await publish(tx, { type: 'ticket', tenantId, containerId, data: { ticketId: ticket.id } });
  }
  return row?.id ?? '';
}

export function presentTicket({ ticket, tenantName, containerName }: NamedTicketRow): Ticket {
  const instant = (date: Date | null) => date?.toISOString() ?? null;
  const time = (targetAt: Date | null, doneAt: Date | null) => ({
    targetAt: instant(targetAt),
    doneAt: instant(doneAt),
    late: targetAt !== null && (doneAt ?? new Date()) > targetAt,
  });
  const { action, actionState } = ticket;
  return {
    id: ticket.id,
    number: ticket.number,
    tenantId: ticket.tenantId,
    tenantName,
    containerId: ticket.containerId,
    containerName,
    operationId: ticket.operationId,
    subject: ticket.subject,
    state: ticket.state,
    level: ticket.level,
    priority: ticket.priority,
    assignee: ticket.assigneeId === null ? null : { id: ticket.assigneeId, name: ticket.assigneeName ?? '' },
    openedBy: ticket.openedByName,
    createdAt: ticket.createdAt.toISOString(),
    updatedAt: ticket.updatedAt.toISOString(),
    firstAnswer: time(ticket.firstAnswerDueAt, ticket.firstAnsweredAt),
    solution: time(ticket.solveDueAt, ticket.closedAt),
    action:
      action === null || actionState === null
        ? null
        : {
            what: action,
            words: ticket.actionWords ?? '',
            state: actionState,
            decidedBy: ticket.decidedByName,
            decidedAt: instant(ticket.decidedAt),
            reason: ticket.decisionReason,
            operationId: ticket.actionOperationId,
          },
  };
}
type NamedTicketRow = Omit<NamedTicket, 'ticket'> & { ticket: Omit<TicketRow, 'snapshot'> };
