import { and, eq, inArray, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { ContainerFacts } from '#lib/containers/facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import type { Tx } from '#lib/db/client.ts';
import { backupCare } from '#lib/db/schema/backup-care.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { backupToUse } from './find.ts';

/** Proves now that a backup can be restored, in a container of its own without a network. Throws `already` while that is done. */
export async function testBackup(actor: Actor, backupId: string): Promise<Operation> {
  authorize(actor, 'backup.test');
  const { containerId } = await backupToUse(actor, backupId, 'backup.test');
  return await requestOperation(actor, {
    kind: 'backup-test',
    containerId,
    prepare: (tx, facts) => testInput(tx, facts, backupId),
  });
}

/** What an operation that tests this backup needs. The container is locked, so two are not begun at once. */
export async function testInput(
  tx: Tx,
  { container }: Pick<ContainerFacts, 'container'>,
  backupId: string,
): Promise<Record<string, unknown>> {
  const [row] = await tx.select().from(backups).where(eq(backups.id, backupId)).for('share');
  if (row?.state !== 'complete' || row.template === null || row.resources === null || row.hostname === null) {
    throw new BerthError('state', 'Only a complete backup can be tested.');
  }
  const [active] = await tx
    .select({ id: operations.id })
    .from(operations)
    .where(
      and(
        eq(operations.containerId, container.id),
        eq(operations.kind, 'backup-test'),
        inArray(operations.state, [...activeOperationStates]),
        eq(sql`${operations.input}->>'backupId'`, backupId),
      ),
    );
  if (active !== undefined) throw new BerthError('already', undefined, { operationId: active.id });
  const [care] = await tx.select().from(backupCare).where(eq(backupCare.containerId, container.id));
  return { backupId, trialId: uuidv7(), volumeId: uuidv7(), probe: care?.probe ?? null };
}
