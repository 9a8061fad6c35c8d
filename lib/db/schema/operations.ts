import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  real,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import type { OperationError, OperationStep } from '../../contract/operations.ts';
import type { LockClass, OperationKind, OperationState } from '../../contract/states.ts';
import { at, big, id } from '../columns.ts';
import { containers } from './containers.ts';
import { hosts } from './hosts.ts';
import { tenants } from './tenants.ts';

/** What was asked for. `input` names things by id and never holds a secret: those are sealed values, by reference. */
export const operations = pgTable(
  'operations',
  {
    id: id(),
    kind: text('kind').$type<OperationKind>().notNull(),
    tenantId: uuid('tenant_id').references(() => tenants.id),
    containerId: uuid('container_id').references(() => containers.id),
    hostId: uuid('host_id').references(() => hosts.id),
    state: text('state').$type<OperationState>().notNull().default('queued'),
    lock: text('lock').$type<LockClass>().notNull(),
    attempt: integer('attempt').notNull().default(1),
    /** Raised whenever a worker takes the operation up; whoever has a lower one may neither write nor act any more. */
    fence: big('fence').notNull().default(0),
    /** The container's generation this operation acts under; null when it is about a host. */
    generation: integer('generation'),
    input: jsonb('input').$type<Record<string, unknown>>().notNull().default({}),
    steps: jsonb('steps').$type<OperationStep[]>().notNull().default([]),
    percent: real('percent').notNull().default(0),
    actorKind: text('actor_kind').$type<'user' | 'schedule' | 'system'>().notNull(),
    actorId: uuid('actor_id'),
    actorName: text('actor_name').notNull(),
    cancelRequested: boolean('cancel_requested').notNull().default(false),
    error: jsonb('error').$type<z.infer<typeof OperationError>>(),
    evidence: jsonb('evidence').$type<string[]>().notNull().default([]),
    result: jsonb('result').$type<Record<string, unknown>>().notNull().default({}),
    /** What the actions of each finished step answered, for a worker that takes over. By step, then by verb. */
    stepResults: jsonb('step_results').$type<Record<string, Record<string, unknown>>>().notNull().default({}),
    /** For `undo` and `confirm`: the operation whose retained volume is used. */
    undoOf: uuid('undo_of').references((): AnyPgColumn => operations.id),
    queuedAt: at('queued_at').notNull().defaultNow(),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
    /** Null while the workflow of the present attempt is not known to be in the queue; a sweep looks for that. */
    workflowEnqueuedAt: at('workflow_enqueued_at'),
  },
  (t) => [
    uniqueIndex('operations_one_exclusive')
      .on(t.containerId)
      .where(sql`${t.lock} = 'exclusive' and ${t.state} in ('queued', 'running', 'undoing', 'stuck')`),
    index('operations_newest').on(t.queuedAt.desc(), t.id.desc()),
    index('operations_container').on(t.containerId, t.queuedAt.desc()),
    index('operations_tenant').on(t.tenantId, t.queuedAt.desc()),
    index('operations_active').on(t.state).where(sql`${t.state} in ('queued', 'running', 'undoing', 'stuck')`),
    index('operations_unqueued').on(t.queuedAt).where(sql`${t.workflowEnqueuedAt} is null and ${t.state} = 'queued'`),
    check(
      'operations_state',
      sql`${t.state} in ('queued', 'running', 'undoing', 'succeeded', 'failed', 'cancelled', 'stuck')`,
    ),
    check('operations_lock', sql`${t.lock} in ('exclusive', 'background', 'emergency')`),
    check('operations_ended', sql`(${t.endedAt} is not null) = (${t.state} in ('succeeded', 'failed', 'cancelled'))`),
  ],
);

/** Secrets on their way to a workflow: AES-256-GCM under the key-encryption key; deleted after use or at `expiresAt`. */
export const sealedValues = pgTable(
  'sealed_values',
  {
    id: id(),
    operationId: uuid('operation_id').references(() => operations.id, { onDelete: 'cascade' }),
    ciphertext: text('ciphertext').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (t) => [index('sealed_values_operation').on(t.operationId), index('sealed_values_expires').on(t.expiresAt)],
);

/** Volumes put aside by a destructive operation, so that it can be undone. */
export const retainedVolumes = pgTable(
  'retained_volumes',
  {
    id: id(),
    /** The volume's id on the host. */
    volumeId: uuid('volume_id').notNull(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    containerId: uuid('container_id')
      .notNull()
      .references(() => containers.id, { onDelete: 'cascade' }),
    operationId: uuid('operation_id')
      .notNull()
      .references(() => operations.id),
    reason: text('reason').$type<'restore' | 'reinstall' | 'rollback' | 'undo'>().notNull(),
    bytes: big('bytes').notNull(),
    /** The template the volume belongs on. */
    templateId: uuid('template_id').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    /** Undone, confirmed or expired. */
    consumedAt: at('consumed_at'),
  },
  (t) => [
    uniqueIndex('retained_volumes_volume').on(t.volumeId),
    index('retained_volumes_container').on(t.containerId).where(sql`${t.consumedAt} is null`),
    index('retained_volumes_expires').on(t.expiresAt).where(sql`${t.consumedAt} is null`),
    check('retained_volumes_reason', sql`${t.reason} in ('restore', 'reinstall', 'rollback', 'undo')`),
  ],
);
