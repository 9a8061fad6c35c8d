/** When backups are made by themselves, and which of them are kept. The rules are pure: what is previewed is what is done. */
import { z } from 'zod';
import { instantOf, isoWeekOf, isZone, wallOf, weekdayOf } from './calendar.ts';
import { Id, Instant } from './ids.ts';

export const Every = z.enum(['hour', 'day', 'week', 'month']);
export type Every = z.infer<typeof Every>;

/** How often a schedule runs under a plan: as it says, or less often where the plan allows no more; null: not at all. */
export function runsEvery(every: Every, finest: Every | null): Every | null {
  if (finest === null) return null;
  return Every.options.indexOf(every) < Every.options.indexOf(finest) ? finest : every;
}

/** restic's words: the newest few, and the last of each of so many hours, days, weeks, months, years that have one. */
export const keepRules = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;
export type KeepRule = (typeof keepRules)[number];
const Count = z.int().min(0).max(1000).default(0);
export const Keep = z.strictObject({
  last: Count,
  hourly: Count,
  daily: Count,
  weekly: Count,
  monthly: Count,
  yearly: Count,
});
export type Keep = z.infer<typeof Keep>;

export const SetBackupSchedule = z.strictObject({
  enabled: z.boolean(),
  every: Every,
  /** `03:30` by the clock of the zone; of an hourly one only the minutes count. */
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 03:30'),
  /** Of a weekly one; 1 is Monday. */
  weekday: z.int().min(1).max(7).default(1),
  /** Of a monthly one; the last day of a month that is shorter. */
  monthDay: z.int().min(1).max(31).default(1),
  zone: z.string().max(60).refine(isZone, 'must be a time zone like Europe/Berlin'),
  keep: Keep,
});
export type SetBackupSchedule = z.infer<typeof SetBackupSchedule>;

/** A backup as the rules see it. */
export type Candidate = { id: string; at: string };

export const BackupSchedule = SetBackupSchedule.extend({
  /** Null while it is off, and under a plan that has no scheduled backups. */
  nextRunAt: Instant.nullable(),
  lastRunAt: Instant.nullable(),
  /** Runs that failed since the last good one, and what was wrong with the latest. */
  failures: z.int(),
  problem: z.string().nullable(),
  /** The plan's: nothing more often than this, whatever `every` says from an earlier plan; null, no schedule at all. */
  finest: Every.nullable(),
  maxBackups: z.int(),
  /** The unprotected backups that earlier runs made: those to which `keep` applies. */
  candidates: z.array(z.object({ id: Id, at: Instant, name: z.string() })),
  /** Which of them the next run lets go, by the very rule that does it. */
  goes: z.array(Id),
});
export type BackupSchedule = z.infer<typeof BackupSchedule>;

type When = Pick<SetBackupSchedule, 'every' | 'time' | 'weekday' | 'monthDay' | 'zone'>;
const minuteMs = 60_000;

/** The first run after an instant. */
export function nextRun(when: When, after: Date): Date {
  const [hour = 0, minute = 0] = when.time.split(':').map(Number);
  if (when.every === 'hour') {
    const first = Math.floor(after.getTime() / minuteMs) + 1;
    for (let n = 0; n < 120; n += 1) {
      const at = new Date((first + n) * minuteMs);
      if (wallOf(at, when.zone).minute === minute) return at;
    }
  }
  const today = wallOf(after, when.zone);
  // A day early, for a time that a clock put forward has moved past midnight; two months and a bit hold every monthly one.
  for (let n = -1; n < 70; n += 1) {
    const date = new Date(Date.UTC(today.year, today.month - 1, today.day + n));
    const wall = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour, minute };
    if (when.every === 'week' && weekdayOf(wall) !== when.weekday) continue;
    const lastDay = new Date(Date.UTC(wall.year, wall.month, 0)).getUTCDate();
    if (when.every === 'month' && wall.day !== Math.min(when.monthDay, lastDay)) continue;
    const at = instantOf(wall, when.zone);
    if (at > after) return at;
  }
  throw new Error('a schedule has no next run');
}

export type Kept = { id: string; rules: KeepRule[] };

/**
 * Which backups a policy keeps and why, as `restic forget` decides it: newest first, each rule takes the first of every period until its
 * count is used up, and what is left of a count keeps the oldest. A policy without a count keeps everything.
 */
export function retain(list: readonly Candidate[], keep: Keep, zone: string): { kept: Kept[]; goes: string[] } {
  const newestFirst = list.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? 1 : -1));
  if (keepRules.every((rule) => keep[rule] === 0)) {
    return { kept: newestFirst.map(({ id }) => ({ id, rules: [] })), goes: [] };
  }
  const left = { ...keep };
  const period = new Map<KeepRule, string>();
  const kept: Kept[] = [];
  const goes: string[] = [];
  for (const [index, { id, at }] of newestFirst.entries()) {
    const periods = periodsOf(new Date(at), zone, index);
    const oldest = index === newestFirst.length - 1;
    const rules = keepRules.filter((rule) => left[rule] > 0 && (oldest || period.get(rule) !== periods[rule]));
    for (const rule of rules) {
      left[rule] -= 1;
      period.set(rule, periods[rule]);
    }
    if (rules.length > 0) kept.push({ id, rules });
    else goes.push(id);
  }
  return { kept, goes };
}

function periodsOf(at: Date, zone: string, index: number): Record<KeepRule, string> {
  const wall = wallOf(at, zone);
  const { year, month, day, hour } = wall;
  const week = isoWeekOf(wall);
  return {
    last: String(index),
    hourly: `${year}-${month}-${day} ${hour}`,
    daily: `${year}-${month}-${day}`,
    weekly: `${week.year} ${week.week}`,
    monthly: `${year}-${month}`,
    yearly: String(year),
  };
}

/** What a run at `at` lets go: the one it makes counts already, and never goes itself. */
export function goesAt(candidates: readonly Candidate[], keep: Keep, zone: string, at: Date): string[] {
  const made = { id: '', at: at.toISOString() };
  return retain([...candidates, made], keep, zone).goes.filter((id) => id !== made.id);
}
