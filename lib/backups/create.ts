import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { refuseMoreBackups } from '#lib/containers/plan-limits.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { CreateBackup } from '#lib/contract/rest.ts';
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
      await refuseMoreBackups(tx, container.id, plan);
      return { backupId: uuidv7(), snapshotId: uuidv7(), note: input.note };
    },
  });
}
