import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { present } from '#lib/operations/find.ts';
import { enqueueOperation, insertOperation } from '#lib/operations/insert.ts';

/** Deletes a backup at its location. Throws `already` when that is under way, `busy` while a restore reads it. */
export async function removeBackup(actor: Actor, backupId: string): Promise<Operation> {
  authorize(actor, 'backup.delete');
  const decided = await asActor(actor, async (tx) => {
    const [row] = await tx.select().from(backups).where(eq(backups.id, backupId)).for('update');
    if (row === undefined || row.state === 'deleted') throw new BerthError('not_found');
    authorize(actor, 'backup.delete', row);
    const user = await userOf(tx, row.containerId, backupId);
    if (row.state === 'deleting') {
      throw new BerthError('already', undefined, user === undefined ? {} : { operationId: user.id });
    }
    if (row.state === 'running') throw new BerthError('busy', 'It is being made.', { operationId: row.operationId });
    if (user !== undefined) throw new BerthError('busy', 'A restore is reading it.', { operationId: user.id });
    const [container] = await tx.select().from(containers).where(eq(containers.id, row.containerId));
    if (container === undefined) throw new BerthError('not_found');
    await tx.update(backups).set({ state: 'deleting' }).where(eq(backups.id, backupId));
    const operation = await insertOperation(tx, actor, {
      kind: 'backup-delete',
      tenantId: row.tenantId,
      container,
      hostId: container.hostId,
      generation: container.generation,
      input: { backupId, was: row.state },
    });
    return { operation, shown: await present(tx, actor, operation) };
  });
  await enqueueOperation(decided.operation);
  return decided.shown;
}

/** The active operation that deletes or restores this backup. */
async function userOf(tx: Tx, containerId: string, backupId: string) {
  const [row] = await tx
    .select({ id: operations.id, kind: operations.kind })
    .from(operations)
    .where(
      and(
        eq(operations.containerId, containerId),
        inArray(operations.kind, ['backup-delete', 'restore']),
        inArray(operations.state, [...activeOperationStates]),
        eq(sql`${operations.input}->>'backupId'`, backupId),
      ),
    );
  return row;
}
