import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { refuseMoreSnapshots } from '#lib/containers/plan-limits.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { CreateSnapshot } from '#lib/contract/snapshots.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { announce } from './row.ts';

/** Holds a container's files as they are now, on its host, also while it runs. `plan_limit` when the plan's number is reached. */
export async function createSnapshot(
  actor: Actor,
  containerId: string,
  input: z.infer<typeof CreateSnapshot>,
): Promise<Operation> {
  return await requestOperation(actor, {
    kind: 'snapshot',
    containerId,
    prepare: async (tx, { container, plan }, operationId) => {
      await refuseMoreSnapshots(tx, container.id, plan);
      const snapshotId = uuidv7();
      await announce(tx, actor, container, { id: snapshotId, operationId, name: input.name, kind: 'manual' });
      return { snapshotId };
    },
  });
}
