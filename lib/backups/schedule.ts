import { and, eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { ContainerFacts } from '#lib/containers/facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import {
  type BackupSchedule,
  type Every,
  goesAt,
  keepRules,
  nextRun,
  runsEvery,
  type SetBackupSchedule,
} from '#lib/contract/schedules.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { backupSchedules } from '#lib/db/schema/backup-schedules.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { refuseStale } from '#lib/http/edition.ts';
import { lockedSchedule } from './outcomes.ts';
import { factsFor } from './settings.ts';

type Row = typeof backupSchedules.$inferSelect;

/** Off, and at the hour in which the fewest are awake, until somebody decides; with no more than the plan lets it keep. */
const unset = (maxBackups: number): SetBackupSchedule => ({
  enabled: false,
  every: 'day',
  time: '03:30',
  weekday: 1,
  monthDay: 1,
  zone: 'UTC',
  keep: { last: 0, hourly: 0, daily: Math.min(7, maxBackups), weekly: 0, monthly: 0, yearly: 0 },
});

/** When a container is backed up by itself, how that went, and what the next run lets go. */
export async function getBackupSchedule(actor: Actor, containerId: string): Promise<BackupSchedule> {
  authorize(actor, 'backup.read');
  return await asActor(actor, async (tx) => shown(tx, await factsFor(tx, actor, containerId, 'backup.read', false)));
}

/** Sets it as a whole. Throws `plan_limit` for what is more often, or keeps more, than the plan allows. */
export async function setBackupSchedule(
  actor: Actor,
  containerId: string,
  input: SetBackupSchedule,
): Promise<BackupSchedule> {
  authorize(actor, 'backup.configure');
  return await asActor(actor, async (tx) => {
    const facts = await factsFor(tx, actor, containerId, 'backup.configure', true);
    const { container } = facts;
    if (container.deletedAt !== null) throw new BerthError('state', 'The container is deleted.');
    await refuseStale('schedule', () => shown(tx, facts));
    if (input.enabled) refuseBeyondPlan(facts, input);
    const { tenantId } = container;
    const [before] = await tx.select().from(backupSchedules).where(eq(backupSchedules.containerId, containerId));
    const values = {
      ...input,
      nextRunAt: input.enabled ? nextRun(input, new Date()) : null,
      failures: 0,
      problem: null,
    };
    await tx
      .insert(backupSchedules)
      .values({ containerId, tenantId, ...values })
      .onConflictDoUpdate({ target: backupSchedules.containerId, set: values });
    await writeAudit(tx, actor, {
      verb: 'backup.schedule',
      tenantId,
      targetKind: 'container',
      targetId: containerId,
      targetName: container.name,
      before: before === undefined ? {} : scheduleOf(before),
      after: { ...input },
    });
    return await shown(tx, facts);
  });
}

/** What of a schedule people decide. */
function scheduleOf({ enabled, every, time, weekday, monthDay, zone, keep }: typeof backupSchedules.$inferSelect) {
  return { enabled, every, time, weekday, monthDay, zone, keep };
}

function refuseBeyondPlan({ plan }: ContainerFacts, input: SetBackupSchedule): void {
  if (plan.backupEvery === null)
    throw new BerthError('plan_limit', `The plan "${plan.name}" has no scheduled backups.`);
  if (runsEvery(input.every, plan.backupEvery) !== input.every) {
    throw new BerthError('plan_limit', `The plan "${plan.name}" allows one scheduled backup a ${plan.backupEvery}.`);
  }
  const most = keepRules.reduce((sum, rule) => sum + input.keep[rule], 0);
  if (most > plan.maxBackups) {
    throw new BerthError(
      'plan_limit',
      `This keeps up to ${most} backups; the plan "${plan.name}" allows ${plan.maxBackups}.`,
      { remedy: 'Keep fewer of each.' },
    );
  }
}

/** The backups to which a schedule's rules apply: made by it, whole, not protected. */
export async function candidatesOf(tx: Tx, containerId: string) {
  const rows = await tx
    .select()
    .from(backups)
    .where(
      and(
        eq(backups.containerId, containerId),
        eq(backups.state, 'complete'),
        eq(backups.scheduled, true),
        eq(backups.protected, false),
      ),
    );
  return rows.map((row) => ({ row, id: row.id, at: row.createdAt.toISOString(), name: row.name }));
}

async function shown(tx: Tx, { container, plan }: ContainerFacts): Promise<BackupSchedule> {
  const [row] = await tx.select().from(backupSchedules).where(eq(backupSchedules.containerId, container.id));
  const candidates = await candidatesOf(tx, container.id);
  const { enabled, every, time, weekday, monthDay, zone, keep } = row ?? unset(plan.maxBackups);
  return {
    ...{ enabled, every, time, weekday, monthDay, zone, keep },
    nextRunAt: plan.backupEvery === null ? null : (row?.nextRunAt?.toISOString() ?? null),
    lastRunAt: row?.lastRunAt?.toISOString() ?? null,
    failures: row?.failures ?? 0,
    problem: row?.problem ?? null,
    finest: plan.backupEvery,
    maxBackups: plan.maxBackups,
    candidates: candidates.map(({ id, at, name }) => ({ id, at, name })),
    goes: enabled && plan.backupEvery !== null ? goesAt(candidates, keep, zone, runAt(row)) : [],
  };
}

/**
 * What a change of plan makes of a schedule: its next run is at its time under the new one, and what was due under none is not made up for.
 * Answers what it runs as from now on, where that is not as before; null: no more.
 */
export async function moveSchedule(
  tx: Tx,
  containerId: string,
  finest: { before: Every | null; after: Every | null },
): Promise<{ scheduleRuns?: Every | null }> {
  const schedule = await lockedSchedule(tx, containerId);
  if (schedule?.enabled !== true) return {};
  const every = runsEvery(schedule.every, finest.after);
  if (every === runsEvery(schedule.every, finest.before)) return {};
  if (every !== null) {
    const nextRunAt = nextRun({ ...schedule, every }, new Date());
    await tx.update(backupSchedules).set({ nextRunAt }).where(eq(backupSchedules.containerId, containerId));
  }
  return { scheduleRuns: every };
}

/** When the next run is; one that is due is now. */
function runAt(row: Row | undefined): Date {
  return new Date(Math.max(Date.now(), row?.nextRunAt?.getTime() ?? 0));
}

/** How often the plan of a container lets backups run at most; null: as often as there is. */
export async function finestOf(tx: Tx, containerId: string): Promise<Every | null> {
  const [row] = await tx
    .select({ finest: plans.backupEvery })
    .from(containers)
    .innerJoin(plans, eq(plans.id, containers.planId))
    .where(eq(containers.id, containerId));
  return row?.finest ?? null;
}
