/**
 * The agent's integration suite inside guests with stock Debian kernels and pure control groups v2: the same files that run on the
 * reference machine. `BERTH_VM_GUESTS=debian-13` takes one guest, `BERTH_SHARD=1/4` every fourth file. Takes an hour or two per guest.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Guest, guestRepo } from '../support/vm/guest.ts';
import { chosenGuests, shardOf } from '../support/vm/plan.ts';
import { type Outcome, outcomesIn, record, tally } from '../support/vm/results.ts';

/** Cheapest first. What needs the portal's database only says nothing about a kernel, and stays out. */
const files = [
  'integration/storage/quota',
  'integration/storage/volumes',
  'integration/storage/roots',
  'integration/storage/layers',
  'integration/runtime/limits',
  'integration/runtime/lifecycle',
  'integration/runtime/survive',
  'integration/runtime/console',
  'integration/network/rules',
  'integration/network/lifecycle',
  'integration/backup/backup',
  'integration/agent/reinstall',
  'integration/storage/crash',
  'contract/agent',
  'integration/storage/templates',
  'integration/runtime/systemd',
];

describe.each(chosenGuests(process.env.BERTH_VM_GUESTS))('in %s', (name) => {
  let guest: Guest;
  let system: Awaited<ReturnType<Guest['describe']>>;
  const outcomes: Outcome[] = [];

  beforeAll(async () => {
    guest = await Guest.start(name);
    await guest.placeEngine();
    system = await guest.describe();
    console.log(`${name}: ${JSON.stringify(system)}`);
  });
  afterAll(async () => {
    await guest?.[Symbol.asyncDispose]();
    const skipped = outcomes.filter((outcome) => outcome.result === 'skipped');
    console.log(
      [`${name} (Linux ${system?.kernel}): ${tally(outcomes)}`, ...skipped.map((o) => `  skipped ${o.test}`)].join(
        '\n',
      ),
    );
  });

  it('there are control groups of version 2 alone, and systemd is process 1', async () => {
    expect(system.cgroups).toBe('v2');
    expect(await guest.sh('cat /proc/1/comm')).toBe('systemd\n');
  });

  it.each(shardOf(files, process.env.BERTH_SHARD))('%s', async (file) => {
    const [project = ''] = file.split('/');
    const report = '/var/tmp/report.json';
    const reporters = ['--reporter', 'verbose', '--reporter', 'json', '--outputFile.json', report, '--no-color'];
    const argv = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...reporters, `tests/${file}.test.ts`];
    const env = { CI: '1', BERTH_SLOW: '10', PATH: `${guestRepo}/node_modules/.bin:/usr/sbin:/usr/bin:/sbin:/bin` };
    let code: number | null = null;
    let found: Outcome[] = [];
    // vitest gives its worker a minute to start, which an emulated processor beside other work may take
    for (let attempt = 0; attempt < 3 && found.length === 0; attempt += 1) {
      await guest.sh(`rm -f ${report}`);
      ({ code } = await guest.node(argv, env, 3_500_000, (line) => console.log(line)));
      found = outcomesIn(await guest.sh(`cat ${report}`), file);
    }
    record(name, system, found);
    outcomes.push(...found);
    console.log(`${name} ${file}: ${tally(found)}`);
    expect(found.filter((outcome) => outcome.result === 'failed')).toEqual([]);
    expect(found.some((outcome) => outcome.result === 'passed')).toBe(true);
    expect(code).toBe(0);
  });
});
