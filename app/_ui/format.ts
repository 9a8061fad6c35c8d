/** Words for numbers and times. Pure but for the language: the same input gives the same text on the server and in the browser. */
import type { Language } from '#lib/contract/language.ts';
import { spoken } from '#lib/language/spoken.ts';
import { t } from '#lib/language/text.ts';

const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

function scale(bytes: number): { power: number; unit: string } {
  let power = 0;
  while (power < units.length - 1 && bytes / 1024 ** power >= 1000) power += 1;
  return { power, unit: units[power] ?? 'B' };
}

function short(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toFixed(1));
}

const numbers = new Map<Language, Intl.NumberFormat>();
function written(value: number): string {
  const language = spoken();
  const numberFormat = numbers.get(language) ?? new Intl.NumberFormat(language, { useGrouping: false });
  numbers.set(language, numberFormat);
  return numberFormat.format(value);
}

/** `1.1 GB`; powers of 1024, as plans are sold. */
export function bytes(value: number): string {
  const { power, unit } = scale(value);
  return `${written(short(value / 1024 ** power))} ${unit}`;
}

/** `1.1 of 2 GB`: both in the unit of the whole, so that they can be compared at a glance. */
export function bytesOf(used: number, whole: number): string {
  const { power, unit } = scale(whole);
  return t('{used, number, ::group-off} of {whole, number, ::group-off} {unit}', {
    used: short(used / 1024 ** power),
    whole: short(whole / 1024 ** power),
    unit,
  });
}

export function cores(value: number): string {
  return written(Math.round(value * 100) / 100);
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `31 ms`, `21 s`, `4 min`, `3 h`, `18 days`: one unit, rounded down, for a length of time. */
export function duration(ms: number): string {
  return lengthOf(ms, false);
}

/** The same where it stands after a German in, seit, vor or nach: `18 Tagen`. */
export function durationAfter(ms: number): string {
  return lengthOf(ms, true);
}

function lengthOf(ms: number, dative: boolean): string {
  const length = Math.max(0, ms);
  if (length < second) return `${Math.round(length)} ms`;
  if (length < minute) return `${Math.floor(length / second)} s`;
  if (length < hour) return `${Math.floor(length / minute)} min`;
  if (length < 2 * day) return `${Math.floor(length / hour)} h`;
  return t('{dative, select, yes {{n} days} other {{n} days}}', {
    n: Math.floor(length / day),
    dative: dative ? 'yes' : 'no',
  });
}

/** `0.2 s`, with tenths. */
export function seconds(ms: number): string {
  const value = Number((ms / second).toFixed(1));
  return `${value.toLocaleString(spoken(), { minimumFractionDigits: 1, useGrouping: false })} s`;
}

/** `0:42` or `1:02:09`: a clock that counts. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / second));
  const rest = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}

/** `just now`, `6 min ago`, `in 23 h`. Under five seconds is now: clocks of two machines need not agree. */
export function relative(atMs: number, nowMs: number): string {
  const away = nowMs - atMs;
  if (Math.abs(away) < 5 * second) return t('just now');
  return away > 0
    ? t('{length} ago', { length: durationAfter(away) })
    : t('in {length}', { length: durationAfter(-away) });
}
