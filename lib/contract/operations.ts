import { z } from 'zod';
import { ErrorCode } from './errors.ts';
import { Text } from './fields.ts';
import { Id, Instant } from './ids.ts';
import { inOrder, outOfOrder, PageQuery, period } from './lists.ts';
import { LockClass, OperationKind, OperationState } from './states.ts';

export const StepState = z.enum(['pending', 'running', 'done', 'failed', 'undoing', 'undone', 'skipped']);

export const OperationStep = z.object({
  name: z.string(),
  /** Words for people: "Snapshot", "Upload". */
  title: z.string(),
  state: StepState,
  percent: z.number().nullable(),
  message: z.string().nullable(),
  /** End of a running countdown, e.g. before init is killed. */
  deadline: Instant.nullable(),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
});
export type OperationStep = z.infer<typeof OperationStep>;

export const OperationError = z.object({
  code: ErrorCode,
  detail: z.string(),
  step: z.string().nullable(),
  remedy: z.string().nullable(),
});

/** What was asked for, by whom, and how far it is. */
export const Operation = z.object({
  id: Id,
  kind: OperationKind,
  containerId: Id.nullable(),
  containerName: z.string().nullable(),
  tenantId: Id.nullable(),
  hostId: Id.nullable(),
  state: OperationState,
  lock: LockClass,
  attempt: z.int(),
  steps: z.array(OperationStep),
  /** 0–100 over all steps. */
  percent: z.number(),
  actor: z.object({ kind: z.enum(['user', 'schedule', 'system']), id: z.string().nullable(), name: z.string() }),
  cancelRequested: z.boolean(),
  /** What the person in front of it may do now. */
  can: z.object({
    cancel: z.boolean(),
    retry: z.boolean(),
    undo: z.boolean(),
    confirm: z.boolean(),
    resolve: z.boolean(),
  }),
  error: OperationError.nullable(),
  /** For `stuck`: what was tried and what a person must look at. */
  evidence: z.array(z.string()),
  /** Facts worth showing: freezeMs, bytesAdded, retainedUntil … */
  result: z.record(z.string(), z.unknown()),
  queuedAt: Instant,
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
});
export type Operation = z.infer<typeof Operation>;

/** The titles and order of every kind's steps, shown from the moment it is queued. Workflows use the same names. */
export const operationSteps = {
  create: { prepare: 'Create', start: 'Start' },
  clone: { prepare: 'Copy', start: 'Start' },
  import: { unpack: 'Unpack', start: 'Start', tidy: 'Tidy up' },
  export: { snapshot: 'Snapshot', pack: 'Pack', tidy: 'Tidy up' },
  undelete: { recreate: 'Bring back from backup', start: 'Start' },
  start: { start: 'Start' },
  stop: { stop: 'Stop' },
  restart: { restart: 'Restart' },
  kill: { kill: 'Kill' },
  delete: { delete: 'Delete' },
  backup: { snapshot: 'Snapshot', upload: 'Upload', verify: 'Verify', tidy: 'Tidy up', measure: 'Count space' },
  restore: { fetch: 'Fetch files', swap: 'Switch over' },
  'restore-into': { fetch: 'Fetch files', swap: 'Switch over' },
  'open-backup': { open: 'Open backup' },
  'restore-files': { copy: 'Put files back' },
  recover: { snapshot: 'Snapshot first', recover: 'Put files back' },
  reinstall: { prepare: 'Prepare', swap: 'Switch over' },
  undo: { swap: 'Switch back' },
  confirm: { release: 'Release old files' },
  configure: { configure: 'Change limits' },
  access: { access: 'Change access' },
  'restart-policy': { 'restart-policy': 'Change what happens when it ends' },
  forwards: { forwards: 'Change port forwards' },
  snapshot: { snapshot: 'Snapshot' },
  'snapshot-delete': { delete: 'Delete snapshot' },
  rollback: { snapshot: 'Snapshot first', prepare: 'Copy files', swap: 'Switch over', tidy: 'Tidy up' },
  repair: { repair: 'Start the rescue system' },
  'repair-finish': { end: 'Put its own system back' },
  handover: { access: 'Take keys out', move: 'Hand over' },
  'backup-check': { check: 'Read back' },
  'backup-test': { test: 'Restore and start' },
  'backup-delete': { forget: 'Delete backup', measure: 'Count space' },
  'template-build': { build: 'Build' },
} as const satisfies Record<OperationKind, Record<string, string>>;

export const OperationQuery = PageQuery.extend({
  ...period,
  containerId: Id.optional(),
  tenantId: Id.optional(),
  hostId: Id.optional(),
  state: OperationState.optional(),
  kind: OperationKind.optional(),
}).refine(inOrder, outOfOrder);

export const ResolveOperation = z.strictObject({
  note: Text(1000).min(1),
  /** `done`: what it wanted is there. `failed`: what it began is taken back. What is recorded follows from that. */
  outcome: z.enum(['failed', 'done']).default('failed'),
});
