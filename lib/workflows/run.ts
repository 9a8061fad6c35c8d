import { eq } from 'drizzle-orm';
import { withActor } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { durably } from './dbos.ts';
import { type ExecutionTools, executionOf, outsideError, worker } from './execution.ts';
import { type Once, runSaga } from './saga.ts';
import { stubbornly } from './stubborn.ts';
import type { Results } from './work.ts';

/**
 * The workflow of every operation: one attempt, each step stored, so that after a crash of the worker it goes on where it
 * was. A step that was running is done again under the same action id, which is harmless.
 */
export async function runOperation(tools: ExecutionTools, operationId: string, attempt: number): Promise<void> {
  const execution = await executionOf(tools, operationId, attempt);
  if (execution === undefined) return;
  const once: Once = async (name, work) => {
    const answer = await durably(name, work);
    if (isAnswerWithResults(answer)) execution.remember(answer.results);
    return answer;
  };
  try {
    await runSaga(execution, once);
  } catch (error) {
    tools.log.warn({ err: error, operationId, attempt }, 'an operation broke off');
    await breakOff(tools, operationId, attempt);
  }
}

function isAnswerWithResults(answer: unknown): answer is { results: Results } {
  return typeof answer === 'object' && answer !== null && 'results' in answer && typeof answer.results === 'object';
}

/** For faults of our own: nothing is known for sure, so a person must look. Never leaves an operation running for ever. */
async function breakOff(tools: ExecutionTools, operationId: string, attempt: number): Promise<void> {
  const trouble = { code: 'internal', detail: 'Something went wrong on our side.', selfUndo: true };
  await stubbornly(() =>
    withActor(tools.db, worker, (tx) =>
      tx
        .update(operations)
        .set({
          state: 'stuck',
          error: outsideError(trouble, null),
          evidence: [`Attempt ${attempt} broke off; the worker's log has the cause under ${operationId}.`],
        })
        .where(eq(operations.id, operationId)),
    ),
  );
}
