import { DBOSWorkflowConflictError } from '@dbos-inc/dbos-sdk';
import { and, eq, inArray } from 'drizzle-orm';
import type { Tx } from '#lib/db/client.ts';
import { withActor } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import { findOperation } from '#lib/operations/find.ts';
import { operationEvent } from '#lib/operations/present.ts';
import { durably } from './dbos.ts';
import { type ExecutionTools, outsideError, worker } from './execution.ts';
import { type Once, runSaga, SupersededError } from './saga.ts';
import { stubbornly } from './stubborn.ts';
import { takeUp } from './take-up.ts';
import type { Results } from './work.ts';

/** What this process runs, by workflow id: one run at a time each. */
const running = new Map<string, Promise<void>>();

export function runningWorkflows(): string[] {
  return [...running.keys()];
}

/**
 * The workflow of every operation: one attempt, each step stored, so that after a crash of the worker it goes on where it
 * was, here or in another worker. A step that was running is done again under the same action id, which is harmless.
 */
export async function runOperation(tools: ExecutionTools, operationId: string, attempt: number): Promise<void> {
  const id = `${operationId}.${attempt}`;
  // The engine may hand it out again while a run that lost it has not yet noticed.
  const before = running.get(id) ?? Promise.resolve();
  const run = before.catch(() => undefined).then(() => runOnce(tools, operationId, attempt));
  running.set(id, run);
  try {
    await run;
  } finally {
    if (running.get(id) === run) running.delete(id);
  }
}

async function runOnce(tools: ExecutionTools, operationId: string, attempt: number): Promise<void> {
  try {
    await runAttempt(tools, operationId, attempt, durably);
  } catch (error) {
    // It is another's now, and the engine takes no answer from us any more.
    if (error instanceof SupersededError || error instanceof DBOSWorkflowConflictError) throw error;
    tools.log.warn({ err: error, operationId, attempt }, 'an operation broke off');
    await stubbornly(() =>
      withActor(tools.db, worker, (tx) =>
        breakOff(tx, operationId, attempt, `the worker's log has the cause under ${operationId}`),
      ),
    );
  }
}

/** The same without a net: `once` stores the answers of steps, and faults of our own are thrown. */
export async function runAttempt(tools: ExecutionTools, operationId: string, attempt: number, once: Once) {
  const execution = await takeUp(tools, operationId, attempt);
  if (execution === undefined) return;
  await runSaga(execution, async (name, work) => {
    const answer = await once(name, work);
    if (isAnswerWithResults(answer)) execution.remember(answer.results);
    return answer;
  });
}

function isAnswerWithResults(answer: unknown): answer is { results: Results } {
  return typeof answer === 'object' && answer !== null && 'results' in answer && typeof answer.results === 'object';
}

/**
 * For faults of our own: nothing is known for sure, so a person must look. Never leaves an operation running for ever, and
 * leaves one that is over as it is.
 */
export async function breakOff(tx: Tx, operationId: string, attempt: number, why: string): Promise<void> {
  const trouble = { code: 'internal', detail: 'Something went wrong on our side.', selfUndo: true };
  const evidence = [`Attempt ${attempt} broke off; ${why}.`];
  await tx
    .update(operations)
    .set({ state: 'stuck', error: outsideError(trouble, null), evidence })
    .where(
      and(
        eq(operations.id, operationId),
        eq(operations.attempt, attempt),
        inArray(operations.state, ['queued', 'running', 'undoing']),
      ),
    );
  const operation = await findOperation(tx, operationId);
  if (operation !== undefined) await publish(tx, operationEvent(operation));
}
