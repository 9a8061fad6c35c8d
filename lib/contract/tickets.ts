/** Tickets, what may be asked for with them, consents of tenants, and outages, as the REST API takes and gives them. */
import { z } from 'zod';
import { Container } from './containers.ts';
import { ContainerName, Line, Text } from './fields.ts';
import { Bytes, Id, Instant } from './ids.ts';
import { inOrder, NameQuery, outOfOrder, PageQuery, period } from './lists.ts';
import { Operation } from './operations.ts';
import { Plan } from './plans.ts';

export const TicketState = z.enum(['open', 'waiting', 'closed']);
export type TicketState = z.infer<typeof TicketState>;
export const TicketPriority = z.enum(['low', 'normal', 'high', 'urgent']);
export type TicketPriority = z.infer<typeof TicketPriority>;
/** Whose turn it is to help. */
export const TicketLevel = z.enum(['reseller', 'provider']);
/** On which side of a ticket somebody stands. */
export const TicketSide = z.enum(['tenant', 'reseller', 'provider', 'system']);
export type TicketSide = z.infer<typeof TicketSide>;

const Subject = Line(150).min(3, 'say in a few words what it is about');
const Body = Text(20_000).min(1, 'write something');

/** What is asked for, as the verb that would do it takes it. */
export const TicketAction = z.discriminatedUnion('kind', [
  /** More of everything: resources, backups, snapshots, forwards. */
  z.strictObject({ kind: z.literal('plan'), planId: Id }),
  z.strictObject({ kind: z.literal('container'), name: ContainerName, planId: Id, templateId: Id }),
  /** On the server of the container the ticket is about. */
  z.strictObject({ kind: z.literal('template'), name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,40}$/) }),
]);
export type TicketAction = z.infer<typeof TicketAction>;

export const CreateTicket = z.strictObject({
  subject: Subject,
  body: Body,
  priority: TicketPriority.default('normal'),
  containerId: Id.optional(),
  operationId: Id.optional(),
  action: TicketAction.optional(),
});
/** So many that are not closed the people of one account may have: what each of them tells by mail would bury whoever answers. */
export const mostOpenTickets = 50;
/** So many each side may write in one ticket: who fills theirs shuts nobody else out. */
export const mostMessages = 250;
export const AddMessage = z.strictObject({ body: Body, internal: z.boolean().default(false) });
export const AssignTicket = z.strictObject({
  assigneeId: Id.nullable().optional(),
  priority: TicketPriority.optional(),
});
export const CloseTicket = z.strictObject({ solved: z.boolean().default(true) });
export const DeclineTicket = z.strictObject({ reason: Body });
export const EscalateTicket = z.strictObject({ note: Body.optional() });

export const ConsentScope = z.enum(['console', 'files', 'exec']);
export type ConsentScope = z.infer<typeof ConsentScope>;
export const longestConsentMinutes = 24 * 60;
const Minutes = z.int().min(5).max(longestConsentMinutes);
export const RequestAccess = z.strictObject({
  scopes: z.array(ConsentScope).min(1).max(3),
  minutes: Minutes.default(60),
  reason: Text(1000).min(3),
  /** Without the tenant, by approval of other administrators; the tenant is told at once. */
  emergency: z.boolean().default(false),
});
/** What is granted may be less than what was asked for, never more. */
export const GrantConsent = z.strictObject({
  scopes: z.array(ConsentScope).min(1).max(3).optional(),
  minutes: Minutes.optional(),
});
/** `withdrawn`: by whoever asked, before it was decided. */
export const ConsentState = z.enum(['asked', 'granted', 'ended', 'declined', 'expired', 'withdrawn']);
export const Consent = z.object({
  id: Id,
  ticketId: Id,
  tenantId: Id,
  containerId: Id,
  containerName: z.string(),
  /** Who would look inside. */
  staff: z.object({ id: Id, name: z.string() }),
  scopes: z.array(ConsentScope),
  minutes: z.int(),
  reason: z.string(),
  emergency: z.boolean(),
  state: ConsentState,
  askedAt: Instant,
  grantedAt: Instant.nullable(),
  grantedBy: z.string().nullable(),
  /** For emergencies: who approved so far, and how many must. */
  approvals: z.array(z.string()),
  approvalsNeeded: z.int(),
  expiresAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  endedBy: z.string().nullable(),
  lastUsedAt: Instant.nullable(),
  /** Asked for by whoever reads it. */
  mine: z.boolean(),
  can: z.object({ grant: z.boolean(), revoke: z.boolean(), approve: z.boolean(), withdraw: z.boolean() }),
});
export type Consent = z.infer<typeof Consent>;
export const ConsentQuery = z.object({ containerId: Id.optional(), ticketId: Id.optional() });

/** How things stood when help was asked for. Frozen; holds no secret and no content of files. */
export const TicketSnapshot = z.object({
  takenAt: Instant,
  container: Container.pick({
    id: true,
    name: true,
    hostName: true,
    state: true,
    since: true,
    lastKnown: true,
    lastExit: true,
    exits: true,
    restarts: true,
    restartPolicy: true,
    template: true,
    addresses: true,
    resources: true,
    usage: true,
    holds: true,
    lastBackupAt: true,
  }),
  plan: Plan.nullable(),
  operations: z.array(
    Operation.pick({
      id: true,
      kind: true,
      state: true,
      attempt: true,
      steps: true,
      percent: true,
      actor: true,
      error: true,
      evidence: true,
      queuedAt: true,
      startedAt: true,
      endedAt: true,
    }),
  ),
});
export type TicketSnapshot = z.infer<typeof TicketSnapshot>;

export const TicketMessage = z.object({
  id: Id,
  at: Instant,
  side: TicketSide,
  author: z.string(),
  /** `event`: something that happened to the ticket, in words. */
  kind: z.enum(['message', 'event']),
  /** Who besides the provider reads it: all, or staff. */
  internal: z.boolean(),
  body: z.string(),
});
export const TicketAttachment = z.object({
  id: Id,
  at: Instant,
  author: z.string(),
  internal: z.boolean(),
  name: z.string(),
  /** By its content, whatever its name says. */
  type: z.string(),
  bytes: Bytes,
});
export const attachmentLimits = { bytes: 5 * 1024 * 1024, count: 20 } as const;
export const AttachQuery = z.object({
  name: Line(150).min(1),
  internal: z.stringbool().default(false),
});

const Time = z.object({ targetAt: Instant.nullable(), doneAt: Instant.nullable(), late: z.boolean() });
export const Ticket = z.object({
  id: Id,
  number: z.int(),
  tenantId: Id,
  tenantName: z.string(),
  containerId: Id.nullable(),
  containerName: z.string().nullable(),
  operationId: Id.nullable(),
  subject: z.string(),
  state: TicketState,
  level: TicketLevel,
  priority: TicketPriority,
  assignee: z.object({ id: Id, name: z.string() }).nullable(),
  openedBy: z.string(),
  createdAt: Instant,
  updatedAt: Instant,
  firstAnswer: Time,
  solution: Time,
  action: z
    .object({
      what: TicketAction,
      /** In words, with names for ids. */
      words: z.string(),
      state: z.enum(['asked', 'approving', 'approved', 'declined']),
      decidedBy: z.string().nullable(),
      decidedAt: Instant.nullable(),
      reason: z.string().nullable(),
      operationId: Id.nullable(),
    })
    .nullable(),
});
export type Ticket = z.infer<typeof Ticket>;
/** As it is named beside what it is about. */
export type TicketMention = Pick<Ticket, 'id' | 'number' | 'state'>;
export const TicketDetail = Ticket.extend({
  snapshot: TicketSnapshot.nullable(),
  messages: z.array(TicketMessage),
  attachments: z.array(TicketAttachment),
  consents: z.array(Consent),
  /** What whoever reads it may do now. */
  can: z.object({
    write: z.boolean(),
    note: z.boolean(),
    escalate: z.boolean(),
    assign: z.boolean(),
    close: z.boolean(),
    decide: z.boolean(),
    requestAccess: z.boolean(),
  }),
  /** To whom it may be assigned, for those who may. */
  assignees: z.array(z.object({ id: Id, name: z.string() })),
});
export type TicketDetail = z.infer<typeof TicketDetail>;
export const TicketQuery = NameQuery.extend({
  ...period,
  tenantId: Id.optional(),
  state: TicketState.optional(),
  level: TicketLevel.optional(),
  containerId: Id.optional(),
  operationId: Id.optional(),
  /** Assigned to whoever asks. */
  mine: z.stringbool().optional(),
}).refine(inOrder, outOfOrder);

const OutageText = Text(2000).min(3);
export const DeclareOutage = z.strictObject({
  hostIds: z.array(Id).min(1).max(100),
  title: Line(150).min(3),
  message: OutageText,
});
export const EndOutage = z.strictObject({ report: OutageText });
export const UpdateOutage = z.strictObject({ message: OutageText });
export const Outage = z.object({
  id: Id,
  kind: z.enum(['declared', 'silent']),
  title: z.string(),
  startedAt: Instant,
  endedAt: Instant.nullable(),
  updates: z.array(z.object({ at: Instant, message: z.string() })),
  report: z.string().nullable(),
  /** Names; for staff alone. */
  hosts: z.array(z.string()),
  /** Of the reader's own scope. */
  containers: z.int(),
  /** For staff alone. */
  tenants: z.int().nullable(),
});
export type Outage = z.infer<typeof Outage>;
export const OutageQuery = PageQuery.extend({
  ...period,
  /** Those that last. */
  open: z.stringbool().optional(),
}).refine(inOrder, outOfOrder);
