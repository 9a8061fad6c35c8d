import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, systemActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { Facts } from '#lib/contract/audit-facts.ts';
import type { OperationStep } from '#lib/contract/operations.ts';
import { operationSteps } from '#lib/contract/operations.ts';
import type { LockClass, OperationKind } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import { services } from '#lib/services.ts';
import { kinds } from './kinds.ts';
import { type OperationRow, operationEvent } from './present.ts';

/** For the audit record. Without secrets. */
export type Change = { before?: Facts; after?: Facts };

export type NewOperation = Change & {
  kind: OperationKind;
  tenantId: string | null;
  container: { id: string; name: string } | null;
  hostId: string;
  generation: number | null;
  input: Record<string, unknown>;
  /** Facts worth showing before it has begun; its steps add theirs. */
  result?: Record<string, unknown>;
  undoOf?: string;
  /** Instead of the kind's own lock. */
  lock?: LockClass;
  /** Chosen before, when secrets or rows already name it. */
  id?: string;
};

export function pendingSteps(kind: OperationKind): OperationStep[] {
  return Object.entries(operationSteps[kind]).map(([name, title]) => ({
    name,
    title,
    state: 'pending',
    percent: null,
    message: null,
    deadline: null,
    startedAt: null,
    endedAt: null,
  }));
}

/**
 * Writes a queued operation with its audit record and event into the caller's transaction, which has checked everything.
 * A unique violation of `operations_one_exclusive` means that another got the container first.
 */
export async function insertOperation(tx: Tx, actor: Actor, asked: NewOperation): Promise<OperationRow> {
  const { container, kind } = asked;
  const row = {
    id: asked.id ?? uuidv7(),
    kind,
    tenantId: asked.tenantId,
    containerId: container?.id ?? null,
    hostId: asked.hostId,
    lock: asked.lock ?? kinds[kind].lock,
    generation: asked.generation,
    input: asked.input,
    ...(asked.result === undefined ? {} : { result: asked.result }),
    steps: pendingSteps(kind),
    actorKind: actor.kind === 'system' && actor.schedule !== undefined ? ('schedule' as const) : actor.kind,
    actorId: actor.kind === 'user' ? actor.userId : (actor.schedule ?? null),
    actorName: actor.name,
    undoOf: asked.undoOf ?? null,
  };
  const [inserted] = await tx.insert(operations).values(row).returning();
  if (inserted === undefined) throw new Error('the operation was not written');
  const operation = { ...inserted, containerName: container?.name ?? null };
  await writeAudit(tx, actor, {
    verb: kinds[kind].permission,
    tenantId: asked.tenantId,
    targetKind: container === null ? 'host' : 'container',
    targetId: container?.id ?? asked.hostId,
    targetName: container?.name ?? null,
    detail: { operationId: operation.id, kind },
    ...(asked.before === undefined ? {} : { before: asked.before }),
    ...(asked.after === undefined ? {} : { after: asked.after }),
  });
  await publish(tx, operationEvent(operation));
  return operation;
}

/**
 * Puts the present attempt of a committed operation in line. Does not throw: what is not put in line now is found by
 * the worker's sweep ({@link file://../workflows/sweeps.ts}), because `workflow_enqueued_at` stays empty.
 */
export async function enqueueOperation(operation: OperationRow): Promise<void> {
  if (operation.hostId === null) return;
  try {
    await services().queue.enqueue({
      operationId: operation.id,
      attempt: operation.attempt,
      hostId: operation.hostId,
      queue: kinds[operation.kind].queue,
    });
    await asActor(systemActor('queue'), (tx) =>
      tx.update(operations).set({ workflowEnqueuedAt: new Date() }).where(eq(operations.id, operation.id)),
    );
  } catch (error) {
    services().log.warn({ operationId: operation.id, err: error }, 'not put in line yet; the sweep will');
  }
}
