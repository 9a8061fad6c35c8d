/** Recoveries of all system files that can be undone: what they replaced lies in the snapshot that each took first. */
import { and, eq, inArray, not, sql } from 'drizzle-orm';
import type { Tx } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';

/** Of a snapshot: whether somebody has rolled back to it. */
const goneBackTo = sql`exists (select from ${operations} back where back.container_id = ${snapshots.containerId} and back.kind = 'rollback'
  and back.state = 'succeeded' and back.input->>'sourceId' = ${snapshots.id}::text)`;

/** Of a snapshot: whether a recovery took it that nobody has taken back. When its time is over the sweep deletes it. */
export const keptForRecovery = sql`(exists (select from ${operations} taker where taker.id = ${snapshots.operationId} and taker.kind = 'recover')
  and not ${goneBackTo})`;

/** Of a snapshot and the operation that took it: whether that was a recovery to take back, whose time is not over and that nobody has taken back. */
export const undoable = and(
  eq(operations.kind, 'recover'),
  eq(operations.state, 'succeeded'),
  eq(snapshots.state, 'present'),
  sql`(${operations.result}->>'undoUntil')::timestamptz > now()`,
  not(goneBackTo),
);

/** The snapshot of before, of each of these operations that has one to go back to. */
export async function snapshotsBefore(tx: Tx, operationIds: readonly string[]): Promise<Map<string, string>> {
  if (operationIds.length === 0) return new Map();
  const rows = await tx
    .select({ operationId: operations.id, snapshotId: snapshots.id })
    .from(operations)
    .innerJoin(snapshots, eq(snapshots.operationId, operations.id))
    .where(and(inArray(operations.id, [...operationIds]), undoable));
  return new Map(rows.map((row) => [row.operationId, row.snapshotId]));
}
