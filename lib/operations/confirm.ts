import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { asActor } from '#lib/db/client.ts';
import { removeSnapshot } from '#lib/snapshots/remove.ts';
import { operationFor } from './get.ts';
import { takeKeptVolume } from './kept.ts';
import { requestOperation } from './request.ts';
import { snapshotBefore } from './undo.ts';

/**
 * Releases the files an operation put aside, or the snapshot a recovery of all system files took; then it cannot be undone. `background` lets it run beside
 * others; `early` says that it is not what the tenant asked for but want of room.
 */
export async function confirmOperation(
  actor: Actor,
  id: string,
  options: { background?: boolean; early?: boolean } = {},
): Promise<Operation> {
  authorize(actor, 'operation.confirm');
  const operation = await asActor(actor, (tx) => operationFor(tx, actor, id, 'operation.confirm'));
  if (operation.kind === 'recover') {
    return await removeSnapshot(actor, await asActor(actor, (tx) => snapshotBefore(tx, id)));
  }
  if (operation.containerId === null) throw new BerthError('state', 'Nothing is kept of this.');
  return await requestOperation(actor, {
    kind: 'confirm',
    containerId: operation.containerId,
    undoOf: id,
    ...(options.background === true ? { lock: 'background' as const } : {}),
    prepare: async (tx) => {
      const kept = await takeKeptVolume(tx, id);
      const early = options.early === true ? { early: true } : {};
      return { retainedId: kept.id, volumeId: kept.volumeId, bytes: kept.bytes, ...early };
    },
  });
}
