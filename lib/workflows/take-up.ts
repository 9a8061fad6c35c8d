import { and, eq, inArray, sql } from 'drizzle-orm';
import { withActor } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { workflowOf } from './all.ts';
import { Execution, type ExecutionTools, worker } from './execution.ts';
import { runsWorkflow } from './ownership.ts';
import { SupersededError } from './saga.ts';
import { stubbornly } from './stubborn.ts';

/**
 * Takes an attempt of an operation up: from now on nobody who took it up before can write or act. Undefined when there is
 * nothing left to do for this attempt. Throws {@link SupersededError} when this executor does not have its workflow.
 */
export async function takeUp(
  tools: ExecutionTools,
  operationId: string,
  attempt: number,
): Promise<Execution | undefined> {
  const taken = await stubbornly(() =>
    withActor(tools.db, worker, async (tx) => {
      if (!(await runsWorkflow(tx, `${operationId}.${attempt}`, tools.executorId))) {
        throw new SupersededError(operationId);
      }
      const [row] = await tx
        .update(operations)
        // Seconds since 1970 at least, so that it rises also over a database that was restored from an older copy.
        .set({ fence: sql`greatest(${operations.fence} + 1, extract(epoch from now())::bigint)` })
        .where(
          and(
            eq(operations.id, operationId),
            eq(operations.attempt, attempt),
            inArray(operations.state, ['queued', 'running', 'undoing']),
          ),
        )
        .returning({ kind: operations.kind, fence: operations.fence });
      return row;
    }),
  );
  if (taken === undefined) return undefined;
  return new Execution(tools, { operationId, attempt, fence: taken.fence }, workflowOf(taken.kind));
}
