/** Wall-clock time in a zone of the IANA database, by the platform's own tables (Intl). Pure. */

export type Wall = { year: number; month: number; day: number; hour: number; minute: number };

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...({ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const),
  });
  formatters.set(zone, made);
  return made;
}

export function isZone(zone: string): boolean {
  try {
    formatter(zone);
    return true;
  } catch {
    return false;
  }
}

/** What the clock on the wall says at an instant. Years before 1 are not told from those after. */
export function wallOf(at: Date, zone: string): Wall {
  const parts = Object.fromEntries(
    formatter(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  return { year, month, day, hour, minute };
}

const asUtc = ({ year, month, day, hour, minute }: Wall) => Date.UTC(year, month - 1, day, hour, minute);
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * The instant at which the wall says this. Where a clock is put back and says it twice: the first time. Where a clock is put forward
 * and never says it: as much later as it was put forward.
 */
export function instantOf(wall: Wall, zone: string): Date {
  const utc = asUtc(wall);
  const offsetAt = (ms: number) => asUtc(wallOf(new Date(ms), zone)) - ms;
  const before = offsetAt(utc - dayMs);
  const candidates = [utc - before, utc - offsetAt(utc + dayMs)].sort((a, b) => a - b);
  const exact = candidates.find((ms) => asUtc(wallOf(new Date(ms), zone)) === utc);
  return new Date(exact ?? utc - before);
}

/** ISO 8601: 1 is Monday. */
export function weekdayOf({ year, month, day }: Pick<Wall, 'year' | 'month' | 'day'>): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
}

/** The year and week of ISO 8601 that a day lies in: a week belongs to the year of its Thursday. */
export function isoWeekOf({ year, month, day }: Pick<Wall, 'year' | 'month' | 'day'>): { year: number; week: number } {
  const thursday = new Date(Date.UTC(year, month - 1, day - weekdayOf({ year, month, day }) + 4));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return { year: thursday.getUTCFullYear(), week: Math.floor((thursday.getTime() - first) / (7 * dayMs)) + 1 };
}
