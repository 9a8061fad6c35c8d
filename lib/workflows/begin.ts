import { eq } from 'drizzle-orm';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import { findOperation } from '#lib/operations/find.ts';
import { pendingSteps } from '#lib/operations/insert.ts';
import { operationEvent } from '#lib/operations/present.ts';
import { reauthorise } from './reauthorise.ts';
import type { Begin } from './saga.ts';

/**
 * Takes an attempt up: only if it is the present one and still wanted, and if the person may still have it. Steps of the
 * attempt before that were not undone (it was stuck) are named as leftovers.
 */
export async function beginOperation(tx: Tx, operationId: string, attempt: number): Promise<Begin> {
  await tx.select({ id: operations.id }).from(operations).where(eq(operations.id, operationId)).for('update');
  const operation = await findOperation(tx, operationId);
  if (operation === undefined || operation.attempt !== attempt) return { kind: 'skip' };
  if (operation.state !== 'queued' && operation.state !== 'running') return { kind: 'skip' };
  let undoOnly = operation.input.undoOnly === true;
  const leftovers = operation.steps.flatMap((step, index) =>
    step.state === 'done' || step.state === 'undoing' || step.state === 'failed' ? [index] : [],
  );
  if (operation.cancelRequested && leftovers.length === 0) return { kind: 'cancelled' };
  try {
    await reauthorise(tx, operation);
  } catch (error) {
    if (!(error instanceof BerthError)) throw error;
    const trouble = { code: error.code, detail: error.detail ?? 'The right to do this is gone.', selfUndo: false };
    if (leftovers.length === 0) return { kind: 'refused', trouble };
    // Ended here it would leave the half of it on the host that its rows say nothing of.
    undoOnly = true;
  }
  const values = {
    state: 'running' as const,
    startedAt: operation.startedAt ?? new Date(),
    error: null,
    evidence: [],
    ...(leftovers.length > 0 ? {} : { steps: pendingSteps(operation.kind) }),
  };
  await tx.update(operations).set(values).where(eq(operations.id, operationId));
  await publish(tx, operationEvent({ ...operation, ...values }));
  return { kind: 'go', leftovers, undoOnly };
}
