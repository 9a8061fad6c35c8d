/** Words for numbers and times. Pure: the same input gives the same text on the server and in the browser. */

const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

function scale(bytes: number): { power: number; unit: string } {
  let power = 0;
  while (power < units.length - 1 && bytes / 1024 ** power >= 1000) power += 1;
  return { power, unit: units[power] ?? 'B' };
}

function short(value: number): string {
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : String(Number(value.toFixed(1)));
}

/** `1.1 GB`; powers of 1024, as plans are sold. */
export function bytes(value: number): string {
  const { power, unit } = scale(value);
  return `${short(value / 1024 ** power)} ${unit}`;
}

/** `1.1 of 2 GB`: both in the unit of the whole, so that they can be compared at a glance. */
export function bytesOf(used: number, whole: number): string {
  const { power, unit } = scale(whole);
  return `${short(used / 1024 ** power)} of ${short(whole / 1024 ** power)} ${unit}`;
}

export function cores(value: number): string {
  return short(Math.round(value * 100) / 100);
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString('en')} ${value === 1 ? one : many}`;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `31 ms`, `21 s`, `4 min`, `3 h`, `18 days`: one unit, rounded down, for a length of time. */
export function duration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < second) return `${Math.round(length)} ms`;
  if (length < minute) return `${Math.floor(length / second)} s`;
  if (length < hour) return `${Math.floor(length / minute)} min`;
  if (length < 2 * day) return `${Math.floor(length / hour)} h`;
  return `${Math.floor(length / day)} days`;
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
  if (Math.abs(away) < 5 * second) return 'just now';
  return away > 0 ? `${duration(away)} ago` : `in ${duration(-away)}`;
}
