import { and, eq, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { type SystemActor, systemActor } from '#lib/access/actor.ts';
import { hostAnswers } from '#lib/containers/free.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { goesAt, nextRun, runsEvery } from '#lib/contract/schedules.ts';
import { asActor } from '#lib/db/client.ts';
import { backupSchedules } from '#lib/db/schema/backup-schedules.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { commandsAround } from './care.ts';
import { makeRoom, putAside } from './limits.ts';
import { countFailure, countOutcomes, lockedSchedule } from './outcomes.ts';
import { candidatesOf, finestOf } from './schedule.ts';

const scheduler = systemActor('scheduler');
/** Scheduled backups at the same time on one host: one less than its line has places, so that a person's never waits for them. */
export const scheduledPerHost = 1;
type Tools = { baseUrl: string; log: { warn(detail: Record<string, unknown>, message: string): void } };

/**
 * Counts how runs ended, and begins those that are due: the longest overdue first, on each host as many as may be at a time, and none where
 * a person's work waits in the same line. None runs more often than its container's present plan allows. What was missed while nobody looked runs once, and so gets spread out. Several workers may do this
 * at the same time.
 */
export async function runSchedules({ baseUrl, log }: Tools): Promise<void> {
  await countOutcomes(scheduler, baseUrl);
  const due = await asActor(scheduler, async (tx) => {
    const found = await tx.execute<{ id: string }>(sql`
      with due as (
        select s.container_id as id, s.next_run_at, row_number() over (partition by c.host_id order by s.next_run_at, c.id) as place,
          (select count(*) from operations o where o.host_id = h.id and o.kind = 'backup' and o.actor_kind = 'schedule'
            and o.state in ('queued', 'running', 'undoing')) as active
        from backup_schedules s
        join containers c on c.id = s.container_id and c.deleted_at is null
        join plans p on p.id = c.plan_id and p.backup_every is not null
        join hosts h on h.id = c.host_id and ${hostAnswers}
        where s.enabled and s.next_run_at <= now() and s.pending_operation_id is null
          and not exists (select 1 from operations o where o.container_id = c.id
            and (o.lock <> 'background' or o.kind = 'backup' and p.max_backup_bytes is not null)
            and o.state in ('queued', 'running', 'undoing', 'stuck'))
          and not exists (select 1 from operations o where o.host_id = h.id and o.actor_kind = 'user' and o.state = 'queued'
            and o.kind in ('backup', 'backup-delete', 'template-build'))
      ) select id from due where place + active <= ${scheduledPerHost} order by next_run_at limit 100`);
    return found.rows.map((row) => row.id);
  });
  for (const id of due) {
    try {
      await runScheduled(id);
    } catch (error) {
      if (!(error instanceof BerthError)) log.warn({ err: error, containerId: id }, 'a scheduled backup was not begun');
      // In somebody's hands at this moment: tried again at the next look, for it stays due.
      else if (error.code !== 'busy' && error.code !== 'already') await giveUp(id, error, baseUrl);
    }
  }
}

/** Begins the run that is due; what its rules let go makes room, and comes back if it fails. Throws what refuses a backup. */
async function runScheduled(containerId: string): Promise<void> {
  const actor: SystemActor = { ...systemActor('schedule'), schedule: containerId };
  await requestOperation(actor, {
    kind: 'backup',
    containerId,
    prepare: async (tx, facts, operationId) => {
      const due = and(
        eq(backupSchedules.containerId, containerId),
        backupSchedules.enabled,
        sql`${backupSchedules.nextRunAt} <= now()`,
      );
      const [schedule] = await tx.select().from(backupSchedules).where(due).for('update');
      // Another worker was first.
      if (schedule === undefined) throw new BerthError('already');
      const every = runsEvery(schedule.every, facts.plan.backupEvery);
      if (every === null) throw new BerthError('plan_limit', `The plan "${facts.plan.name}" has no scheduled backups.`);
      const now = new Date();
      const candidates = await candidatesOf(tx, containerId);
      const goes = new Set(goesAt(candidates, schedule.keep, schedule.zone, now));
      const rows = candidates.flatMap(({ row }) => (goes.has(row.id) ? [row] : []));
      await putAside(tx, actor, facts, rows, 'backup.thin');
      const rotated = await makeRoom(tx, actor, facts);
      await tx
        .update(backupSchedules)
        .set({ nextRunAt: nextRun({ ...schedule, every }, now), lastRunAt: now, pendingOperationId: operationId })
        .where(eq(backupSchedules.containerId, containerId));
      const commands = await commandsAround(tx, containerId);
      return { backupId: uuidv7(), snapshotId: uuidv7(), scheduled: true, rotated: [...goes, ...rotated], ...commands };
    },
  });
}

/** A run that was refused is one that failed; the next is at its time. */
async function giveUp(containerId: string, error: BerthError, baseUrl: string): Promise<void> {
  await asActor(scheduler, async (tx) => {
    const here = eq(backupSchedules.containerId, containerId);
    const schedule = await lockedSchedule(tx, containerId);
    if (schedule?.enabled !== true || schedule.nextRunAt === null || schedule.nextRunAt > new Date()) return;
    const now = new Date();
    const every = runsEvery(schedule.every, await finestOf(tx, containerId)) ?? schedule.every;
    await tx
      .update(backupSchedules)
      .set({ nextRunAt: nextRun({ ...schedule, every }, now), lastRunAt: now })
      .where(here);
    await countFailure(tx, containerId, error.message, baseUrl);
  });
}
