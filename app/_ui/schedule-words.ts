import { type Keep, keepRules, type SetBackupSchedule } from '#lib/contract/schedules.ts';

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
export const everyWords = { hour: 'Hourly', day: 'Daily', week: 'Weekly', month: 'Monthly' } as const;

/** `Daily at 03:30 (Europe/Berlin)`. */
export function scheduleWords(when: Omit<SetBackupSchedule, 'keep' | 'enabled'>): string {
  const { every, time, weekday, monthDay, zone } = when;
  if (every === 'hour') return `Hourly, ${Number(time.slice(3))} min past the hour`;
  const at = `at ${time} (${zone})`;
  if (every === 'week') return `On ${weekdays[weekday - 1] ?? ''}s ${at}`;
  if (every === 'month') return `On day ${monthDay} of the month ${at}`;
  return `Daily ${at}`;
}

/** `Keeps the last 2, 7 daily, 4 weekly ones.` */
export function keepWords(keep: Keep): string {
  const parts = keepRules
    .filter((rule) => keep[rule] > 0)
    .map((rule) => (rule === 'last' ? `the last ${keep[rule]}` : `${keep[rule]} ${rule}`));
  return parts.length === 0 ? 'Keeps all of them.' : `Keeps ${parts.join(', ')}.`;
}
