import { type Actor, systemActor } from '#lib/access/actor.ts';
import { hasPermission, type Resource } from '#lib/access/authorize.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { OperationKind, OperationState } from '#lib/contract/states.ts';
import type { operations } from '#lib/db/schema/operations.ts';
import type { NewEvent } from '#lib/events/publish.ts';
import { kinds } from './kinds.ts';

export type OperationRow = typeof operations.$inferSelect & { containerName: string | null };

/** Facts about an operation's kept files, or its snapshot of them, that its row does not hold. */
export type Kept = { retained: boolean };

const underway: readonly OperationState[] = ['queued', 'running'];

/** What the operation's state allows, apart from anybody's rights. */
function possible(row: OperationRow, kept: Kept): Operation['can'] {
  return {
    cancel: underway.includes(row.state) && !row.cancelRequested,
    // What failed to change hands is accepted again, by whom it is offered to.
    retry: row.state === 'stuck' || (row.state === 'failed' && row.kind !== 'handover'),
    undo: (row.state === 'succeeded' && kept.retained) || row.state === 'stuck',
    confirm: row.state === 'succeeded' && kept.retained,
    resolve: row.state === 'stuck',
  };
}

/** A new attempt does the thing itself: it needs the right to that as well as the right to try again. */
export function mayRetry(actor: Actor, kind: OperationKind, about: Resource): boolean {
  return hasPermission(actor, 'operation.retry', about) && hasPermission(actor, kinds[kind].permission, about);
}

/**
 * Leaves of `can` what this person has the right to. For operations that were presented without anybody in mind, as
 * they are in events.
 */
export function limitCan(operation: Operation, actor: Actor): Operation {
  const { can } = operation;
  return {
    ...operation,
    can: {
      cancel: can.cancel && hasPermission(actor, 'operation.cancel', operation),
      retry: can.retry && mayRetry(actor, operation.kind, operation),
      undo: can.undo && hasPermission(actor, 'operation.undo', operation),
      confirm: can.confirm && hasPermission(actor, 'operation.confirm', operation),
      resolve: can.resolve && hasPermission(actor, 'operation.resolve', operation),
    },
  };
}

/** The row as the contract shows it to this person. */
export function presentOperation(row: OperationRow, actor: Actor, kept: Kept): Operation {
  const operation: Operation = {
    id: row.id,
    kind: row.kind,
    containerId: row.containerId,
    containerName: row.containerName,
    tenantId: row.tenantId,
    hostId: row.hostId,
    state: row.state,
    lock: row.lock,
    attempt: row.attempt,
    steps: row.steps,
    percent: row.percent,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    cancelRequested: row.cancelRequested,
    can: possible(row, kept),
    error: row.error,
    evidence: row.evidence,
    result: row.result,
    queuedAt: row.queuedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
  return limitCan(operation, actor);
}

/**
 * The event that tells live pages of an operation's state. Its `can` is nobody's in particular: whoever passes it on
 * limits it with {@link limitCan}.
 */
export function operationEvent(row: OperationRow, kept: Kept = { retained: false }): NewEvent {
  return {
    type: 'operation',
    tenantId: row.tenantId,
    containerId: row.containerId,
    operationId: row.id,
    data: presentOperation(row, systemActor('event'), kept),
  };
}
