import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations, retainedVolumes } from '#lib/db/schema/operations.ts';
import { type OperationRow, presentOperation } from './present.ts';
import { snapshotsBefore } from './recoveries.ts';

/** Columns of an operation with its container's name. */
export function selectOperations(tx: Tx) {
  return tx
    .select({ operation: operations, containerName: containers.name })
    .from(operations)
    .leftJoin(containers, eq(containers.id, operations.containerId));
}

export function joined(row: { operation: typeof operations.$inferSelect; containerName: string | null }): OperationRow {
  return { ...row.operation, containerName: row.containerName };
}

export async function findOperation(tx: Tx, id: string): Promise<OperationRow | undefined> {
  const [row] = await selectOperations(tx).where(eq(operations.id, id));
  return row === undefined ? undefined : joined(row);
}

/** Presents many operations with a few queries, however many there are. */
export async function presentAll(tx: Tx, actor: Actor, rows: OperationRow[]): Promise<Operation[]> {
  const kept = await operationsWithKeptFiles(tx, rows);
  return rows.map((row) => presentOperation(row, actor, { retained: kept.has(row.id) }));
}

export async function present(tx: Tx, actor: Actor, row: OperationRow): Promise<Operation> {
  const kept = await operationsWithKeptFiles(tx, [row]);
  return presentOperation(row, actor, { retained: kept.has(row.id) });
}

async function operationsWithKeptFiles(tx: Tx, all: OperationRow[]): Promise<Set<string>> {
  if (all.length === 0) return new Set();
  const ids = all.map((row) => row.id);
  const recoveries = all.filter((row) => row.kind === 'recover').map((row) => row.id);
  const rows = await tx
    .select({ id: retainedVolumes.operationId })
    .from(retainedVolumes)
    .where(and(inArray(retainedVolumes.operationId, ids), isNull(retainedVolumes.consumedAt)));
  return new Set([...rows.map((row) => row.id), ...(await snapshotsBefore(tx, recoveries)).keys()]);
}
