import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import type { Tx } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';

/** The snapshot, if this person may know of it and may do this to it; locked until the transaction ends. */
export async function snapshotFor(tx: Tx, actor: Actor, id: string, permission: Permission) {
  const [row] = await tx.select().from(snapshots).where(eq(snapshots.id, id)).for('update');
  if (row === undefined || row.state === 'deleted' || row.state === 'failed') throw new BerthError('not_found');
  authorize(actor, permission, row);
  return row;
}

/** The active operation that deletes this snapshot or rolls back to it. */
export async function userOfSnapshot(tx: Tx, containerId: string, snapshotId: string) {
  const [row] = await tx
    .select({ id: operations.id, kind: operations.kind })
    .from(operations)
    .where(
      and(
        eq(operations.containerId, containerId),
        inArray(operations.kind, ['snapshot-delete', 'rollback']),
        inArray(operations.state, [...activeOperationStates]),
        eq(sql`${operations.input}->>'sourceId'`, snapshotId),
      ),
    );
  return row;
}
