/** What the preview of a schedule keeps is what restic itself would keep, of real snapshots at awkward times. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type Candidate, type Keep, keepRules, retain } from '#lib/contract/schedules.ts';
import { engineDir } from '../../support/engine.ts';

const base = mkdtempSync(join(tmpdir(), 'berth-retention-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
writeFileSync(join(base, 'file'), 'tiny');

const run = promisify(execFile);
/** restic counts by the clock of the place where a snapshot was made. */
async function restic(zone: string, ...args: string[]): Promise<string> {
  const repository = join(base, zone.replace('/', '-'));
  const env = {
    NODE_ENV: 'test' as const,
    PATH: '/usr/bin:/bin',
    HOME: base,
    TZ: zone,
    RESTIC_PASSWORD: 'tiny',
    RESTIC_REPOSITORY: repository,
  };
  const { stdout } = await run(join(engineDir, 'bin/restic'), ['--no-cache', '--quiet', ...args], { env });
  return stdout;
}

const Snapshots = z.array(z.object({ id: z.string(), time: z.string() }));
const Forgotten = z.tuple([
  z.object({
    keep: z.array(z.object({ id: z.string() })),
    remove: z.array(z.object({ id: z.string() })).nullable(),
    reasons: z.array(z.object({ snapshot: z.object({ id: z.string() }), matches: z.array(z.string()) })),
  }),
]);

/**
 * By the clock there: within an hour and over its end, midnight, where clocks are put forward and back (the hour that comes twice), the
 * days on which the week's year is not the calendar's, a leap day, long gaps.
 */
const times = [
  ...['2019-12-30 23:30:00', '2020-01-05 00:00:00', '2020-02-29 12:00:00', '2021-01-03 23:59:59'],
  ...['2024-03-31 01:59:59', '2024-03-31 03:00:01', '2024-10-27 00:59:00', '2024-10-27 02:30:00'],
  ...['2024-10-27 03:00:00', '2024-12-31 10:00:00', '2024-12-31 10:59:59', '2025-01-01 00:00:00'],
];
const count = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4 }));
const policy = fc
  .record({ last: count, hourly: count, daily: count, weekly: count, monthly: count, yearly: count })
  // Without a count restic refuses to forget, and we keep everything.
  .filter((keep) => keepRules.some((rule) => keep[rule] > 0));
const seed = Number(process.env.BERTH_SEED ?? Date.now() % 2 ** 31);

it.each(['Europe/Berlin', 'America/St_Johns'])(
  'in %s',
  async (zone) => {
    await restic(zone, 'init');
    for (const time of times) await restic(zone, 'backup', '--host', 'one', '--time', time, join(base, 'file'));
    const made = Snapshots.parse(JSON.parse(await restic(zone, 'snapshots', '--json')));
    const list: Candidate[] = made.map(({ id, time }) => ({ id, at: new Date(time).toISOString() }));
    expect(new Set(list.map(({ at }) => at)).size).toBe(times.length);

    const nothing: Keep = { last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
    // Each rule alone with a count that is used up and one that is not, then whatever comes.
    const policies = [
      ...(['hourly', 'weekly'] as const).flatMap((rule) => [3, 40].map((n) => ({ ...nothing, [rule]: n }))),
      ...fc.sample(policy, { seed, numRuns: 6 }),
    ];
    for (const keep of policies) {
      const counts = keepRules
        .filter((rule) => keep[rule] > 0)
        .flatMap((rule) => [`--keep-${rule}`, String(keep[rule])]);
      const said = await restic(zone, 'forget', '--dry-run', '--json', '--group-by', '', ...counts);
      const [theirs] = Forgotten.parse(JSON.parse(said));
      const ours = retain(list, keep, zone);
      const about = `seed ${seed}: ${JSON.stringify(keep)}`;
      expect(ours.kept.map(({ id }) => id).sort(), about).toEqual(theirs.keep.map(({ id }) => id).sort());
      expect([...ours.goes].sort(), about).toEqual((theirs.remove ?? []).map(({ id }) => id).sort());
      // And for the same reasons: "daily snapshot", "oldest weekly snapshot".
      for (const { snapshot, matches } of theirs.reasons) {
        const rules = matches.map((match) => match.replace('oldest ', '').replace(' snapshot', '')).sort();
        expect([...(ours.kept.find(({ id }) => id === snapshot.id)?.rules ?? [])].sort(), about).toEqual(rules);
      }
    }
  },
  120_000,
);
