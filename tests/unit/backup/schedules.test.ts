/** When scheduled backups are made and which are kept: the rules against properties that must hold for any input. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, isoWeekOf, wallOf } from '#lib/contract/calendar.ts';
import { type Candidate, goesAt, type Keep, keepRules, nextRun, retain } from '#lib/contract/schedules.ts';

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];
const zone = fc.constantFrom(...zones);
const instant = fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2035, 0) }).map((ms) => new Date(ms));
const two = (value: number) => String(value).padStart(2, '0');
const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([hour, minute]) => `${two(hour)}:${two(minute)}`);
const when = fc.record({
  every: fc.constantFrom('hour', 'day', 'week', 'month' as const),
  time,
  weekday: fc.integer({ min: 1, max: 7 }),
  monthDay: fc.integer({ min: 1, max: 31 }),
  zone,
});
const count = fc.integer({ min: 0, max: 6 });
const keep = fc.record({ last: count, hourly: count, daily: count, weekly: count, monthly: count, yearly: count });
const candidates = fc.uniqueArray(fc.record({ id: fc.uuid(), at: instant.map((at) => at.toISOString()) }), {
  maxLength: 60,
  selector: ({ at }) => at,
});
const zero: Keep = { last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };

describe('the next run', () => {
  it('comes after now, within its period, and twice the same schedule never meets', () => {
    const longest = { hour: 3, day: 27, week: 24 * 8, month: 24 * 32 };
    fc.assert(
      fc.property(when, instant, (schedule, now) => {
        const next = nextRun(schedule, now);
        expect(next.getTime()).toBeGreaterThan(now.getTime());
        // Apia skipped the 30th of December 2011: a day more.
        expect(next.getTime() - now.getTime()).toBeLessThanOrEqual((longest[schedule.every] + 24) * 3_600_000);
        expect(nextRun(schedule, new Date(next.getTime() - 1))).toEqual(next);
      }),
      { numRuns: 500 },
    );
  });

  it('is at the time on the wall, but where a clock is put forward over it', () => {
    fc.assert(
      fc.property(when, instant, (schedule, now) => {
        const wall = wallOf(nextRun(schedule, now), schedule.zone);
        const [hour, minute] = schedule.time.split(':').map(Number);
        if (schedule.every === 'hour') {
          expect(wall.minute).toBe(minute);
          return;
        }
        const said = wall.hour * 60 + wall.minute - ((hour ?? 0) * 60 + (minute ?? 0));
        expect([0, 30, 60, 24 * 60, 30 - 24 * 60, 60 - 24 * 60]).toContain(said);
      }),
      { numRuns: 500 },
    );
  });

  it('knows the days on which clocks change', () => {
    const daily = { every: 'day', time: '02:30', weekday: 1, monthDay: 1, zone: 'Europe/Berlin' } as const;
    // Forward at 02:00: 02:30 is never said, so it is 03:30. Back at 03:00: 02:30 is said twice, the first counts, once.
    expect(nextRun(daily, new Date('2026-03-28T12:00Z'))).toEqual(new Date('2026-03-29T01:30Z'));
    expect(nextRun(daily, new Date('2026-10-24T12:00Z'))).toEqual(new Date('2026-10-25T00:30Z'));
    expect(nextRun(daily, new Date('2026-10-25T00:30Z'))).toEqual(new Date('2026-10-26T01:30Z'));
    const monthly = { ...daily, every: 'month', monthDay: 31 } as const;
    expect(nextRun(monthly, new Date('2027-02-01T00:00Z'))).toEqual(new Date('2027-02-28T01:30Z'));
    expect(isoWeekOf({ year: 2027, month: 1, day: 1 })).toEqual({ year: 2026, week: 53 });
  });

  it('finds the instant of every time that a wall says', () => {
    fc.assert(
      fc.property(instant, zone, (at, where) => {
        const wall = wallOf(at, where);
        expect(wallOf(instantOf(wall, where), where)).toEqual(wall);
      }),
      { numRuns: 500 },
    );
  });
});

describe('which backups are kept', () => {
  it('keeps or lets go each of them, no more than the counts say, and always the newest', () => {
    fc.assert(
      fc.property(candidates, keep, zone, (list, policy, where) => {
        const { kept, goes } = retain(list, policy, where);
        expect([...kept.map(({ id }) => id), ...goes].sort()).toEqual(list.map(({ id }) => id).sort());
        const sum = keepRules.reduce((total, rule) => total + policy[rule], 0);
        if (sum === 0) {
          expect(goes).toEqual([]);
          return;
        }
        expect(kept.length).toBeLessThanOrEqual(sum);
        for (const rule of keepRules) {
          expect(kept.filter(({ rules }) => rules.includes(rule)).length).toBeLessThanOrEqual(policy[rule]);
        }
        const newest = list.toSorted((a, b) => b.at.localeCompare(a.at))[0];
        if (newest !== undefined) expect(kept.map(({ id }) => id)).toContain(newest.id);
      }),
    );
  });

  it('lets nothing more go when asked again, and keeps more with a higher count', () => {
    fc.assert(
      fc.property(candidates, keep, zone, fc.constantFrom(...keepRules), (list, policy, where, rule) => {
        const { kept } = retain(list, policy, where);
        const ids = new Set(kept.map(({ id }) => id));
        const left = list.filter(({ id }) => ids.has(id));
        expect(retain(left, policy, where).goes).toEqual([]);
        const more = retain(list, { ...policy, [rule]: policy[rule] + 1 }, where);
        if (ids.size < list.length) for (const id of ids) expect(more.goes).not.toContain(id);
      }),
    );
  });

  it('keeps the last of each day and, with counts left, the oldest', () => {
    const list: Candidate[] = ['01T03', '01T20', '02T03', '03T03', '03T23'].map((text) => ({
      id: text,
      at: `2026-11-${text}:00:00.000Z`,
    }));
    const { kept, goes } = retain(list, { ...zero, daily: 2 }, 'UTC');
    expect(kept.map(({ id }) => id)).toEqual(['03T23', '02T03']);
    expect(goes).toEqual(['03T03', '01T20', '01T03']);
    // By the clock of Auckland 20:00 and 23:00 UTC are the next day.
    expect(retain(list, { ...zero, daily: 2 }, 'Pacific/Auckland').kept.map(({ id }) => id)).toEqual([
      '03T23',
      '03T03',
    ]);
    expect(retain(list, { ...zero, monthly: 3 }, 'UTC').kept.map(({ id }) => id)).toEqual(['03T23', '01T03']);
  });

  it('never lets the one go that is being made', () => {
    fc.assert(
      fc.property(candidates, keep, zone, (list, policy, where) => {
        const now = new Date('2036-01-01T00:00Z');
        const goes = goesAt(list, policy, where, now);
        const all = retain([...list, { id: 'new', at: now.toISOString() }], policy, where);
        expect(goes).toEqual(all.goes);
        expect(goes).not.toContain('new');
      }),
    );
  });
});
