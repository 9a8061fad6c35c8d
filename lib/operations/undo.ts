import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { Undo } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { rollBack } from '#lib/snapshots/rollback.ts';
import { operationFor } from './get.ts';
import { keptVolume } from './kept.ts';
import { releaseChoice } from './make-room.ts';
import { snapshotsBefore } from './recoveries.ts';
import { requestOperation } from './request.ts';
import { retryOperation } from './retry.ts';

/**
 * Takes a restore, reinstall or undo back by switching to the files it put aside, and a recovery of all system files by rolling back to the
 * snapshot before it; the present files are kept in their place. Of a stuck operation, takes back what is left of it.
 */
export async function undoOperation(actor: Actor, id: string, input: z.infer<typeof Undo> = {}): Promise<Operation> {
  authorize(actor, 'operation.undo');
  const operation = await asActor(actor, (tx) => operationFor(tx, actor, id, 'operation.undo'));
  if (operation.state === 'stuck') {
    return await retryOperation(actor, id, { undoOnly: true, permission: 'operation.undo' });
  }
  if (operation.kind === 'recover' && operation.state === 'succeeded') {
    return await rollBack(actor, await asActor(actor, (tx) => snapshotBefore(tx, id)), input);
  }
  if (operation.containerId === null) throw new BerthError('state', 'This cannot be undone.');
  return await requestOperation(actor, {
    kind: 'undo',
    containerId: operation.containerId,
    undoOf: id,
    prepare: async (tx) => {
      const kept = await keptVolume(tx, id);
      const releasing = await releaseChoice(tx, kept.containerId, input.release);
      return { ...releasing, retainedId: kept.id, volumeId: kept.volumeId, templateId: kept.templateId };
    },
  });
}

/** What a recovery of all system files took before it began. Throws `state` when nobody can go back to it any more. */
export async function snapshotBefore(tx: Tx, operationId: string): Promise<string> {
  const id = (await snapshotsBefore(tx, [operationId])).get(operationId);
  if (id === undefined) throw new BerthError('state', 'The files of before are not kept any more; see the trash.');
  return id;
}
