import { eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { asActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { present } from '#lib/operations/find.ts';
import { enqueueOperation, insertOperation } from '#lib/operations/insert.ts';
import { snapshotFor, userOfSnapshot } from './find.ts';

/** Deletes a snapshot on its host. Throws `already` when that is under way, `busy` while it is made or rolled back to. */
export async function removeSnapshot(actor: Actor, snapshotId: string): Promise<Operation> {
  authorize(actor, 'snapshot.delete');
  const decided = await asActor(actor, async (tx) => {
    const row = await snapshotFor(tx, actor, snapshotId, 'snapshot.delete');
    const user = await userOfSnapshot(tx, row.containerId, snapshotId);
    const about = user === undefined ? {} : { operationId: user.id };
    if (row.state === 'deleting') throw new BerthError('already', undefined, about);
    if (row.state === 'making') throw new BerthError('busy', 'It is being made.', { operationId: row.operationId });
    if (user !== undefined) throw new BerthError('busy', 'The container is being rolled back to it.', about);
    const [container] = await tx.select().from(containers).where(eq(containers.id, row.containerId));
    if (container === undefined || container.deletedAt !== null) throw new BerthError('not_found');
    await tx.update(snapshots).set({ state: 'deleting' }).where(eq(snapshots.id, snapshotId));
    const operation = await insertOperation(tx, actor, {
      kind: 'snapshot-delete',
      tenantId: row.tenantId,
      container,
      hostId: container.hostId,
      generation: container.generation,
      input: { sourceId: snapshotId },
    });
    return { operation, shown: await present(tx, actor, operation) };
  });
  await enqueueOperation(decided.operation);
  return decided.shown;
}
