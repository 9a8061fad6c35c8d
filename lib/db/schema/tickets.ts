import { sql } from 'drizzle-orm';
import { bigserial, boolean, check, customType, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type {
  ConsentScope,
  TicketAction,
  TicketPriority,
  TicketSide,
  TicketSnapshot,
  TicketState,
} from '../../contract/tickets.ts';
import { at, createdAt, id } from '../columns.ts';
import { containers } from './containers.ts';
import { tenants } from './tenants.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

export const tickets = pgTable(
  'tickets',
  {
    id: id(),
    /** What people call it by. */
    number: bigserial('number', { mode: 'number' }).notNull(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    /** The tenant's reseller when it was opened. */
    resellerId: uuid('reseller_id').references(() => tenants.id),
    containerId: uuid('container_id').references(() => containers.id),
    operationId: uuid('operation_id'),
    subject: text('subject').notNull(),
    state: text('state').$type<TicketState>().notNull().default('open'),
    level: text('level').$type<'reseller' | 'provider'>().notNull(),
    priority: text('priority').$type<TicketPriority>().notNull(),
    assigneeId: uuid('assignee_id'),
    assigneeName: text('assignee_name'),
    openedById: uuid('opened_by_id').notNull(),
    openedByName: text('opened_by_name').notNull(),
    snapshot: jsonb('snapshot').$type<TicketSnapshot>(),
    action: jsonb('action').$type<TicketAction>(),
    actionWords: text('action_words'),
    /** `approving`: being performed; by nobody else meanwhile. */
    actionState: text('action_state').$type<'asked' | 'approving' | 'approved' | 'declined'>(),
    actionOperationId: uuid('action_operation_id'),
    decidedByName: text('decided_by_name'),
    decidedAt: at('decided_at'),
    decisionReason: text('decision_reason'),
    firstAnswerDueAt: at('first_answer_due_at'),
    firstAnsweredAt: at('first_answered_at'),
    solveDueAt: at('solve_due_at'),
    closedAt: at('closed_at'),
    /** Told of once that the target for a first answer was missed, and that for a solution. */
    lateToldAt: at('late_told_at'),
    solutionLateToldAt: at('solution_late_told_at'),
    createdAt: createdAt(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [
    index('tickets_newest').on(t.updatedAt.desc(), t.id.desc()),
    index('tickets_tenant').on(t.tenantId, t.updatedAt.desc()),
    index('tickets_container').on(t.containerId),
    index('tickets_operation').on(t.operationId),
    index('tickets_due')
      .on(t.createdAt)
      .where(sql`${t.state} <> 'closed' and (${t.lateToldAt} is null or ${t.solutionLateToldAt} is null)`),
    check('tickets_state', sql`${t.state} in ('open', 'waiting', 'closed')`),
    check('tickets_level', sql`${t.level} in ('reseller', 'provider')`),
    check('tickets_priority', sql`${t.priority} in ('low', 'normal', 'high', 'urgent')`),
    check('tickets_closed', sql`(${t.state} = 'closed') = (${t.closedAt} is not null)`),
    check('tickets_action', sql`(${t.action} is null) = (${t.actionState} is null)`),
  ],
);

/** `audience`: everybody of the ticket, the reseller's staff and the provider's, or the provider's alone. */
type Audience = 'all' | 'reseller' | 'provider';

export const ticketMessages = pgTable(
  'ticket_messages',
  {
    id: id(),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    tenantId: uuid('tenant_id').notNull(),
    audience: text('audience').$type<Audience>().notNull(),
    kind: text('kind').$type<'message' | 'event'>().notNull(),
    side: text('side').$type<TicketSide>().notNull(),
    authorId: uuid('author_id'),
    authorName: text('author_name').notNull(),
    body: text('body').notNull(),
    createdAt: createdAt(),
    /** When those whom it concerns were written to. */
    notifiedAt: at('notified_at'),
  },
  (t) => [
    index('ticket_messages_ticket').on(t.ticketId, t.createdAt),
    index('ticket_messages_untold').on(t.createdAt).where(sql`${t.notifiedAt} is null`),
    check('ticket_messages_audience', sql`${t.audience} in ('all', 'reseller', 'provider')`),
  ],
);

export const ticketAttachments = pgTable(
  'ticket_attachments',
  {
    id: id(),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    tenantId: uuid('tenant_id').notNull(),
    audience: text('audience').$type<Audience>().notNull(),
    authorName: text('author_name').notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    bytes: integer('bytes').notNull(),
    content: bytea('content').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('ticket_attachments_ticket').on(t.ticketId, t.createdAt),
    check('ticket_attachments_bytes', sql`${t.bytes} <= 5242880 and octet_length(${t.content}) = ${t.bytes}`),
    check('ticket_attachments_audience', sql`${t.audience} in ('all', 'reseller', 'provider')`),
  ],
);

/** A tenant's leave for one of the staff to look inside one container for a time, or an emergency's. */
export const accessConsents = pgTable(
  'access_consents',
  {
    id: id(),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    containerId: uuid('container_id')
      .notNull()
      .references(() => containers.id),
    staffId: uuid('staff_id').notNull(),
    staffName: text('staff_name').notNull(),
    scopes: text('scopes').array().$type<ConsentScope[]>().notNull(),
    minutes: integer('minutes').notNull(),
    reason: text('reason').notNull(),
    emergency: boolean('emergency').notNull().default(false),
    approvals: jsonb('approvals').$type<{ id: string; name: string }[]>().notNull().default([]),
    askedAt: at('asked_at').notNull().defaultNow(),
    grantedAt: at('granted_at'),
    grantedById: uuid('granted_by_id'),
    grantedByName: text('granted_by_name'),
    expiresAt: at('expires_at'),
    /** Revoked by the tenant, or declined when it never was granted; or given back by whom it was for. */
    endedAt: at('ended_at'),
    endedById: uuid('ended_by_id'),
    endedByName: text('ended_by_name'),
    lastUsedAt: at('last_used_at'),
  },
  (t) => [
    index('access_consents_staff').on(t.staffId).where(sql`${t.grantedAt} is not null and ${t.endedAt} is null`),
    index('access_consents_container').on(t.containerId, t.askedAt.desc()),
    index('access_consents_ticket').on(t.ticketId),
    check('access_consents_scopes', sql`cardinality(${t.scopes}) > 0`),
    check('access_consents_granted', sql`(${t.grantedAt} is null) = (${t.expiresAt} is null)`),
  ],
);
