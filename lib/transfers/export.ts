import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#lib/access/actor.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { transferLifeMs } from '#lib/contract/transfers.ts';
import { requestOperation } from '#lib/operations/request.ts';

/**
 * Makes one file of a container as it is at one instant, also while it runs. The file is kept on its host for a day, under the
 * operation's id; an earlier one goes.
 */
export async function exportContainer(actor: Actor, containerId: string): Promise<Operation> {
  return await requestOperation(actor, {
    kind: 'export',
    containerId,
    prepare: async () => ({ snapshotId: uuidv7(), ...exportTimes() }),
  });
}

/** When what is exported now is made, and until when its file is kept. */
export function exportTimes(now = Date.now()): { exportedAt: string; expiresAt: string } {
  return { exportedAt: new Date(now).toISOString(), expiresAt: new Date(now + transferLifeMs).toISOString() };
}
