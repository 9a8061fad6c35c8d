/**
 * Which process runs a workflow, in the workflow engine's own tables. The engine hands workflows of a dead process back only
 * when a process of the same id starts; here any worker does so for all whose lease is over. Written against the pinned
 * version of the engine; tests/long/workers shows that it holds.
 */
import { sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { type Db, type Tx, withActor } from '#lib/db/client.ts';

const actor = systemActor('worker');
/** A workflow that was taken out of the line and is not begun after so long was lost on the way, with the answer to the claim. */
const lostClaimMs = 10_000;
const backInLine = sql`status = 'ENQUEUED', owner_xid = null, started_at_epoch_ms = null,
  updated_at = (extract(epoch from now()) * 1000)::bigint`;

/** Puts back in line what belongs to executors whose lease is over. Returns the workflows' ids. */
export async function requeueOfTheDead(db: Db): Promise<string[]> {
  const result = await withActor(db, actor, (tx) =>
    tx.execute<{ workflow_uuid: string }>(sql`
      update dbos.workflow_status set ${backInLine}
      where status = 'PENDING' and queue_name is not null
        and not exists (select from workers where ended_at is null and name || '.' || lease = executor_id)
      returning workflow_uuid`),
  );
  return result.rows.map((row) => row.workflow_uuid);
}

/** Puts back in line what this executor took and does not run: PostgreSQL ended between the claim and its answer. */
export async function requeueLostClaims(db: Db, executorId: string, running: readonly string[]): Promise<string[]> {
  const result = await withActor(db, actor, (tx) =>
    tx.execute<{ workflow_uuid: string }>(sql`
      update dbos.workflow_status set ${backInLine}
      where status = 'PENDING' and queue_name is not null and executor_id = ${executorId}
        and started_at_epoch_ms < (extract(epoch from now()) * 1000)::bigint - ${lostClaimMs}
        and workflow_uuid <> all (${sql.param(running)}::text[])
      returning workflow_uuid`),
  );
  return result.rows.map((row) => row.workflow_uuid);
}

/** True when the executor is the one that may run the workflow now; until the transaction ends nobody else becomes it. */
export async function runsWorkflow(tx: Tx, workflowId: string, executorId: string): Promise<boolean> {
  const result = await tx.execute(sql`select from dbos.workflow_status
    where workflow_uuid = ${workflowId} and status = 'PENDING' and executor_id = ${executorId} for share`);
  return result.rows.length > 0;
}
