import { and, eq, inArray, isNull, lt, notExists, sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { sweepAccounts } from '#lib/auth/sweep.ts';
import { deletion } from '#lib/backups/remove.ts';
import { inNobodysHands, withinReach } from '#lib/containers/free.ts';
import { finishRepair } from '#lib/containers/repair.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import { asActor, type Db, withActor } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { portForwards } from '#lib/db/schema/containers.ts';
import { events } from '#lib/db/schema/events.ts';
import { imports } from '#lib/db/schema/imports.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { workers } from '#lib/db/schema/services.ts';
import { forgetKeys } from '#lib/http/idempotency.ts';
import { confirmOperation } from '#lib/operations/confirm.ts';
import { enqueueOperation } from '#lib/operations/insert.ts';
import { sweepSealed } from '#lib/secrets/sealed-values.ts';
import { removeSnapshot } from '#lib/snapshots/remove.ts';
import { breakOff } from './run.ts';

const sweeper = systemActor('sweeper');
/** Longer than any enqueue takes that still runs; putting something in line twice is harmless, only wasted. */
const enqueueGraceMs = 3_000;
/** A workflow's end is written after its operation's; one that is over and whose operation is not has been for longer. */
const brokenOffAfterMs = 10_000;
const deadWorkerLifeMs = 24 * 3_600_000;
/** After its time: until then its page can say that it is over. */
const uploadLifeMs = 24 * 3_600_000;
const eventLifeMs = 24 * 3_600_000;

/** Puts in line what a crash between commit and enqueue left out. Returns how many. */
export async function enqueueForgotten(): Promise<number> {
  const forgotten = await asActor(sweeper, (tx) =>
    tx
      .select()
      .from(operations)
      .where(
        and(
          eq(operations.state, 'queued'),
          isNull(operations.workflowEnqueuedAt),
          lt(operations.queuedAt, new Date(Date.now() - enqueueGraceMs)),
        ),
      )
      .limit(100),
  );
  for (const row of forgotten) await enqueueOperation({ ...row, containerName: null });
  return forgotten.length;
}

/**
 * Finds operations that nobody will end: the workflow of their attempt is over, given up after too many workers died of it.
 * They are `stuck`, which a person can see and take from there. Returns their ids.
 */
export async function findBrokenOff(): Promise<string[]> {
  return await asActor(sweeper, async (tx) => {
    const broken = await tx.execute<{ id: string; attempt: number; status: string }>(sql`
      select o.id, o.attempt, w.status from operations o
      join dbos.workflow_status w on w.workflow_uuid = o.id || '.' || o.attempt
      where o.state in ('queued', 'running', 'undoing')
        and w.status in ('SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
        and w.updated_at < (extract(epoch from now()) * 1000)::bigint - ${brokenOffAfterMs}`);
    for (const { id, attempt, status } of broken.rows) {
      await breakOff(tx, id, attempt, `the workflow engine has it as ${status}`);
    }
    return broken.rows.map((row) => row.id);
  });
}

/**
 * What a container `c` has to be for something to be done to it: there, on a host that answers, in nobody's hands. Those that are not must not
 * stand before those that are, for a sweep takes a few at a time.
 */
const free = sql`c.deleted_at is null and ${withinReach} and ${inNobodysHands}`;

/** Releases kept volumes whose time is over. One that cannot go now is tried again at the next sweep. */
export async function releaseExpired(log: { warn(detail: Record<string, unknown>, message: string): void }) {
  const due = await asActor(sweeper, async (tx) => {
    const found = await tx.execute<{ operation_id: string }>(sql`
      select r.operation_id from retained_volumes r join containers c on c.id = r.container_id
      where r.consumed_at is null and r.expires_at < now() and c.repair_until is null and ${free}
        and not exists (select from operations o where o.container_id = c.id and o.kind = 'confirm'
          and o.state in ('queued', 'running', 'undoing'))
      order by r.expires_at limit 20`);
    return found.rows.map((row) => row.operation_id);
  });
  for (const operationId of due) {
    try {
      await confirmOperation(sweeper, operationId, { background: true });
    } catch (error) {
      if (!(error instanceof BerthError)) log.warn({ err: error, operationId }, 'a kept volume was not released');
    }
  }
}

/** Not at every sweep, where a container's own system does not come back. */
const repairAgainMs = 10 * 60_000;

/** Ends repairs whose time is over. One whose host does not answer is tried again. */
export async function endOverdueRepairs(log: { warn(detail: Record<string, unknown>, message: string): void }) {
  const due = await asActor(sweeper, async (tx) => {
    const found = await tx.execute<{ id: string }>(sql`
      select c.id from containers c
      where c.repair_until < now() and ${free}
        and not exists (select 1 from operations o where o.container_id = c.id and o.kind = 'repair-finish'
          and o.actor_kind = 'system' and o.queued_at > now() - make_interval(secs => ${repairAgainMs / 1000}))
      order by c.repair_until limit 20`);
    return found.rows.map((row) => row.id);
  });
  for (const id of due) {
    try {
      await finishRepair(sweeper, id);
    } catch (error) {
      if (!(error instanceof BerthError)) log.warn({ err: error, containerId: id }, 'a repair was not ended');
    }
  }
}

/** Deletes the snapshots that recoveries of system files took, when nobody may go back to them any more. */
export async function releaseRecoveries(log: { warn(detail: Record<string, unknown>, message: string): void }) {
  const due = await asActor(sweeper, async (tx) => {
    const found = await tx.execute<{ id: string }>(sql`
      select s.id from snapshots s
      join operations o on o.id = s.operation_id and o.kind = 'recover' and o.state = 'succeeded'
      join containers c on c.id = s.container_id and c.deleted_at is null
      join hosts h on h.id = c.host_id and h.status = 'ok' and h.last_seen_at > now() - interval '30 s'
      where s.state = 'present' and (o.result->>'undoUntil')::timestamptz < now() limit 20`);
    return found.rows.map((row) => row.id);
  });
  for (const id of due) {
    try {
      await removeSnapshot(sweeper, id);
    } catch (error) {
      if (!(error instanceof BerthError)) log.warn({ err: error, snapshotId: id }, 'a snapshot was not released');
    }
  }
}

/** A host tells its free space every 30 s: before it has told again, what was released is not seen. */
const lookAgainMs = 45_000;

/**
 * On hosts whose pool has less than twice the room free that has to stay free, or has promised more than it has (an undo is never
 * refused for want of room): releases the kept volume that would expire first, one at a time, before anything new has to be
 * refused there. The operation that does it tells why (`early`), in the list, in live pages and in the audit record.
 */
export async function releaseForRoom(log: { warn(detail: Record<string, unknown>, message: string): void }) {
  const due = await asActor(sweeper, async (tx) => {
    const found = await tx.execute<{ operation_id: string }>(sql`
      select distinct on (h.id) r.operation_id from hosts h
      join containers c on c.host_id = h.id and c.repair_until is null and ${free}
      join retained_volumes r on r.container_id = c.id and r.consumed_at is null
      where h.status = 'ok' and (h.info->'pool'->>'keptFreeBytes')::bigint > 0
        and ((h.info->'pool'->>'sizeBytes')::bigint - (h.info->'pool'->>'usedBytes')::bigint
            < 2 * (h.info->'pool'->>'keptFreeBytes')::bigint
          or (h.info->'pool'->>'reservedBytes')::bigint > (h.info->'pool'->>'sizeBytes')::bigint
            - (h.info->'pool'->>'keptFreeBytes')::bigint
            - (select coalesce(sum((l->>'bytes')::bigint), 0) from jsonb_array_elements(h.info->'layers') l))
        and not exists (select 1 from operations o where o.host_id = h.id and o.kind = 'confirm'
          and o.input->>'early' = 'true' and o.queued_at > now() - make_interval(secs => ${lookAgainMs / 1000}))
      order by h.id, r.expires_at, r.id`);
    return found.rows.map((row) => row.operation_id);
  });
  for (const operationId of due) {
    try {
      await confirmOperation(sweeper, operationId, { background: true, early: true });
      log.warn({ operationId }, 'kept files are released early: the pool is almost full');
    } catch (error) {
      if (!(error instanceof BerthError)) log.warn({ err: error, operationId }, 'a kept volume was not released');
    }
  }
}

/**
 * Deletes for good what nobody has had back in its time, and what waited at a location that hosts could not delete at and now can, on
 * hosts that answer; of a lost host, on any other that reaches the location. Nothing of a container while a backup of it is being
 * made, for what made room for that comes back if it fails.
 */
export async function purgeRemoved(log: { warn(detail: Record<string, unknown>, message: string): void }) {
  const due = await asActor(sweeper, async (tx) => {
    const found = await tx.execute<{ id: string }>(sql`
      select b.id from backups b
      join containers c on c.id = b.container_id
      join hosts h on h.id = c.host_id
      join repositories r on r.id = b.repository_id
      join backup_locations l on l.id = r.location_id
      where (b.state = 'removed' and b.purge_at < now()
          or b.state = 'pending-prune' and not l.append_only and coalesce(b.purge_at, now()) <= now())
        and (h.status = 'ok' and h.last_seen_at > now() - interval '30 s'
          or l.kind <> 'directory' and (h.lost_at is not null or c.lost_at is not null) and exists (select from hosts other
            where other.status = 'ok' and other.lost_at is null and other.last_seen_at > now() - interval '30 s'))
        and not exists (select 1 from operations o where o.container_id = c.id and o.kind = 'backup'
          and o.state in ('queued', 'running', 'undoing', 'stuck'))
      order by b.purge_at limit 20`);
    return found.rows.map((row) => row.id);
  });
  for (const id of due) {
    try {
      await deletion(sweeper, id, 'final');
    } catch (error) {
      if (!(error instanceof BerthError)) log.warn({ err: error, backupId: id }, 'a deleted backup was not purged');
    }
  }
}

/**
 * Ends what a deleted container could be had back with, when that time is over: its backups are due for good ({@link purgeRemoved}
 * deletes them, those protected too), its ports are anybody's; its address its host gives up by itself.
 */
export async function endUndelete(): Promise<string[]> {
  return await asActor(sweeper, async (tx) => {
    const due = await tx.execute<{ id: string; tenant_id: string; name: string }>(sql`
      update containers c set undelete_until = null where c.id in (
        select d.id from containers d where d.undelete_until < now() and d.deleted_at is not null
          and not exists (select 1 from operations o where o.state in ('queued', 'running', 'undoing', 'stuck')
            and (o.container_id = d.id or o.input->>'backupId' in (select b.id::text from backups b where b.container_id = d.id)))
        order by d.undelete_until limit 20 for update skip locked)
      returning c.id, c.tenant_id, c.name`);
    for (const { id, tenant_id: tenantId, name } of due.rows) {
      const backupsOfIt = await tx
        .update(backups)
        .set({
          state: 'removed',
          removedAt: sql`coalesce(${backups.removedAt}, now())`,
          purgeAt: new Date(),
          countedAt: null,
        })
        .where(and(eq(backups.containerId, id), inArray(backups.state, ['complete', 'failed', 'removed'])))
        .returning({ id: backups.id });
      await tx.delete(portForwards).where(eq(portForwards.containerId, id));
      await writeAudit(tx, sweeper, {
        verb: 'container.undelete-over',
        tenantId,
        targetKind: 'container',
        targetId: id,
        targetName: name,
        detail: { backups: backupsOfIt.length },
      });
    }
    return due.rows.map((row) => row.id);
  });
}

/** Forgets secrets nobody fetched, events nobody will ask for, uploads nobody may go on with, and workers that are long gone. */
export async function forgetOld(db: Db): Promise<void> {
  await withActor(db, sweeper, async (tx) => {
    await sweepSealed(tx);
    await sweepAccounts(tx);
    await forgetKeys(tx);
    await tx.delete(workers).where(lt(workers.beatAt, new Date(Date.now() - deadWorkerLifeMs)));
    await tx.delete(imports).where(
      and(
        lt(imports.expiresAt, new Date(Date.now() - uploadLifeMs)),
        notExists(
          tx
            .select()
            .from(operations)
            .where(and(eq(operations.id, imports.operationId), inArray(operations.state, [...activeOperationStates]))),
        ),
      ),
    );
    await tx.delete(events).where(lt(events.at, new Date(Date.now() - eventLifeMs)));
  });
}
