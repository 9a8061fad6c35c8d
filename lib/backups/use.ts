import { and, count, eq, inArray, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import type { ContainerRow } from '#lib/containers/facts.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import type { Tx } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { operations } from '#lib/db/schema/operations.ts';

/** What counts against the plan: all but those that failed or were deleted. One being deleted counts until it is. */
const counts = or(
  inArray(backups.state, ['running', 'complete']),
  and(eq(backups.state, 'deleting'), isNull(backups.removedAt)),
);

/** How much of what a plan allows a container's backups take. `coming`: operations that will make one more. */
export type BackupUse = { backups: number; bytes: number; removed: number; coming: string[] };

/** Those let go since the whole was measured, which still holds them: what deleting each frees is taken off. */
const wentSince = and(ne(backups.state, 'complete'), isNotNull(backups.removedAt), isNotNull(backups.countedAt));

/**
 * Bytes are what the whole took when it was last measured, and what each has added since, less what went since; never measured, the sum of what each added.
 * Exact under races when the caller has locked the container.
 */
export async function backupUse(tx: Tx, container: Pick<ContainerRow, 'id' | 'backupBytes'>): Promise<BackupUse> {
  const measured = container.backupBytes;
  const added =
    measured === null ? backups.bytesAdded : sql`case when ${backups.countedAt} is null then ${backups.bytesAdded} end`;
  const [kept] = await tx
    .select({
      n: sql<number>`(count(*) filter (where ${counts}))::int`,
      added: sql<string>`coalesce(sum(${added}) filter (where ${counts}), 0)`,
      went: sql<string>`coalesce(sum(${backups.freesBytes}) filter (where ${wentSince}), 0)`,
      removed: sql<number>`(count(*) filter (where ${backups.state} = 'removed'))::int`,
    })
    .from(backups)
    .where(eq(backups.containerId, container.id));
  const coming = await comingBackups(tx, container.id);
  const withoutRow = coming.filter((one) => !one.hasRow).length;
  return {
    backups: (kept?.n ?? 0) + withoutRow,
    bytes: (measured === null ? 0 : Math.max(0, measured - Number(kept?.went ?? 0))) + Number(kept?.added ?? 0),
    removed: kept?.removed ?? 0,
    coming: coming.map((one) => one.id),
  };
}

/** Backups under way, those that have not got their row yet too. */
async function comingBackups(tx: Tx, containerId: string): Promise<{ id: string; hasRow: boolean }[]> {
  const rows = await tx
    .select({ id: operations.id, rows: count(backups.id) })
    .from(operations)
    .leftJoin(backups, and(eq(backups.operationId, operations.id), ne(backups.state, 'failed')))
    .where(
      and(
        eq(operations.containerId, containerId),
        eq(operations.kind, 'backup'),
        inArray(operations.state, [...activeOperationStates]),
      ),
    )
    .groupBy(operations.id);
  return rows.map((row) => ({ id: row.id, hasRow: row.rows > 0 }));
}
