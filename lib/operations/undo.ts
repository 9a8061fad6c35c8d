import { and, eq, isNull } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { retainedVolumes } from '#lib/db/schema/operations.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { rollBack } from '#lib/snapshots/rollback.ts';
import { operationFor } from './get.ts';
import { requestOperation } from './request.ts';
import { retryOperation } from './retry.ts';

/** The volume that an operation put aside and that is still there. Locked until the transaction ends. */
export async function keptVolume(tx: Tx, operationId: string) {
  const [kept] = await tx
    .select()
    .from(retainedVolumes)
    .where(and(eq(retainedVolumes.operationId, operationId), isNull(retainedVolumes.consumedAt)))
    .for('update');
  if (kept === undefined) throw new BerthError('state', 'The old files are not kept any more.');
  return kept;
}

/**
 * Takes a restore, reinstall or undo back by switching to the files it put aside, and a recovery of all system files by rolling back to the
 * snapshot before it; the present files are kept in their place. Of a stuck operation, takes back what is left of it.
 */
export async function undoOperation(actor: Actor, id: string): Promise<Operation> {
  authorize(actor, 'operation.undo');
  const operation = await asActor(actor, (tx) => operationFor(tx, actor, id, 'operation.undo'));
  if (operation.state === 'stuck') {
    return await retryOperation(actor, id, { undoOnly: true, permission: 'operation.undo' });
  }
  if (operation.kind === 'recover' && operation.state === 'succeeded') {
    return await rollBack(actor, await snapshotBefore(actor, id));
  }
  if (operation.containerId === null) throw new BerthError('state', 'This cannot be undone.');
  return await requestOperation(actor, {
    kind: 'undo',
    containerId: operation.containerId,
    undoOf: id,
    prepare: async (tx) => {
      const kept = await keptVolume(tx, id);
      return { retainedId: kept.id, volumeId: kept.volumeId, templateId: kept.templateId };
    },
  });
}

/** What a recovery of all system files took before it began. */
async function snapshotBefore(actor: Actor, operationId: string): Promise<string> {
  const [row] = await asActor(actor, (tx) =>
    tx
      .select({ id: snapshots.id })
      .from(snapshots)
      .where(and(eq(snapshots.operationId, operationId), eq(snapshots.state, 'present'))),
  );
  if (row === undefined) throw new BerthError('state', 'The files of before are not kept any more; see the trash.');
  return row.id;
}
