import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import type { CreateBackup } from '#lib/contract/backups.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { commandsAround } from './care.ts';
import { makeRoom } from './limits.ts';

/** Backs a container up, also while it runs. Throws `plan_limit` when the plan's number or bytes of backups are reached. */
export async function createBackup(
  actor: Actor,
  containerId: string,
  input: z.input<typeof CreateBackup>,
): Promise<Operation> {
  return await requestOperation(actor, {
    kind: 'backup',
    containerId,
    prepare: async (tx, facts) => ({
      ...input,
      backupId: uuidv7(),
      snapshotId: uuidv7(),
      rotated: await makeRoom(tx, actor, facts),
      ...(await commandsAround(tx, containerId)),
    }),
  });
}
