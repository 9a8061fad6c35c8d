import { and, count, eq, inArray, isNull, ne } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { CreateBackup } from '#lib/contract/rest.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import type { Tx } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { requestOperation } from '#lib/operations/request.ts';

/** Backs a container up, also while it runs. Throws `plan_limit` when the plan's number of backups is reached. */
export async function createBackup(
  actor: Actor,
  containerId: string,
  input: z.infer<typeof CreateBackup>,
): Promise<Operation> {
  return await requestOperation(actor, {
    kind: 'backup',
    containerId,
    prepare: async (tx, { container, plan }) => {
      // The container is locked, so whoever asks at the same time counts after this one is written.
      if ((await countBackups(tx, container.id)) >= plan.maxBackups) {
        throw new BerthError('plan_limit', `The plan "${plan.name}" allows ${plan.maxBackups} backups.`, {
          remedy: 'Delete an older backup first.',
        });
      }
      return { backupId: uuidv7(), snapshotId: uuidv7(), note: input.note };
    },
  });
}

/** Backups that exist or are on their way: those of operations that have not got their row yet count too. */
async function countBackups(tx: Tx, containerId: string): Promise<number> {
  const [kept] = await tx
    .select({ n: count() })
    .from(backups)
    .where(and(eq(backups.containerId, containerId), inArray(backups.state, ['running', 'complete', 'deleting'])));
  const [coming] = await tx
    .select({ n: count() })
    .from(operations)
    .leftJoin(backups, and(eq(backups.operationId, operations.id), ne(backups.state, 'failed')))
    .where(
      and(
        eq(operations.containerId, containerId),
        eq(operations.kind, 'backup'),
        inArray(operations.state, [...activeOperationStates]),
        isNull(backups.id),
      ),
    );
  return (kept?.n ?? 0) + (coming?.n ?? 0);
}
