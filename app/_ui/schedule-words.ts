import { type Keep, keepRules, type SetBackupSchedule } from '#lib/contract/schedules.ts';
import { t } from '#lib/language/text.ts';

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
export const everyWords = { hour: 'Hourly', day: 'Daily', week: 'Weekly', month: 'Monthly' } as const;

/** `Daily at 03:30 (Europe/Berlin)`. */
export function scheduleWords(when: Omit<SetBackupSchedule, 'keep' | 'enabled'>): string {
  const { every, time, weekday, monthDay, zone } = when;
  if (every === 'hour') return t('Hourly, {n} min past the hour', { n: Number(time.slice(3)) });
  const day = weekdays[weekday - 1];
  if (every === 'week' && day !== undefined)
    return t('On {weekday}s at {time} ({zone})', { weekday: t(day), time, zone });
  if (every === 'month') return t('On day {day} of the month at {time} ({zone})', { day: monthDay, time, zone });
  return t('Daily at {time} ({zone})', { time, zone });
}

const ofRule = {
  last: 'the last {n}',
  hourly: '{n} hourly',
  daily: '{n} daily',
  weekly: '{n} weekly',
  monthly: '{n} monthly',
  yearly: '{n} yearly',
} as const satisfies Record<keyof Keep, string>;

/** `Keeps the last 2, 7 daily, 4 weekly ones.` */
export function keepWords(keep: Keep): string {
  const parts = keepRules.filter((rule) => keep[rule] > 0).map((rule) => t(ofRule[rule], { n: keep[rule] }));
  return parts.length === 0 ? t('Keeps all of them.') : t('Keeps {parts}.', { parts: parts.join(', ') });
}
