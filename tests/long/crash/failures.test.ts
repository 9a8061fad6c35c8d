/**
 * A full disk at each effect of every action that copies files or reads and writes backups; restic killed, its location gone or full,
 * its repository held by the dead, at each of its runs. BERTH_SHARD=2/6 runs a sixth, BERTH_CRASH_ONLY=upload,clone some scenarios.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { enumerate, type Report, type Scenario } from '../../integration/crash/harness.ts';
import { Rig, type Shard, shardOf } from '../../integration/crash/points.ts';
import { type ScenarioName, scenarios } from '../../integration/crash/scenarios/all.ts';
import { prepareAgent, startTestAgent, type TestAgent } from '../../support/agent.ts';
import { type Failure, failRounds, fullEverywhere } from './failing.ts';
import { frailEngine, type Harm, harms, type Stored, wholeRepository } from './restic-failures.ts';

/** What changes files, makes copies of them, or reads and writes backups. */
const fragile = [
  ...['snapshot', 'snapshotGone', 'copy', 'swap', 'clone', 'repair', 'repaired', 'files'],
  ...['upload', 'verify', 'restore', 'putBack', 'measure', 'forget', 'trial', 'open', 'recreate'],
  ...['out', 'back', 'forgotten', 'recovered', 'rebuild', 'around'],
] as readonly ScenarioName[];
const withRestic = ['upload', 'verify', 'restore', 'measure', 'forget', 'trial', 'recreate'] as const;

/**
 * A location that has not come into being yet cannot be told from one that is gone, nor be held by somebody else; and one that is gone or full is
 * what a restore test finds out.
 */
const impossible = (scenario: string, run: string, harm: Harm) =>
  (harm === 'gone' && ['init', 'key'].includes(run)) ||
  (harm === 'stale' && run === 'init') ||
  (scenario === 'backup.test' && ['gone', 'full'].includes(harm));

type Round = { call?: { args: { repository: Stored['repository'] }; secrets: Stored['secrets'] }; stored?: Stored };

function storedOf(x: Round): Stored {
  if (x.stored !== undefined) return x.stored;
  if (x.call === undefined) throw new Error('the scenario has no repository');
  return { repository: x.call.args.repository, secrets: x.call.secrets };
}

/** By name, as crash points are shared out. */
function isMine(name: string, { index, count }: Shard): boolean {
  return createHash('sha256').update(name).digest().readUInt32BE() % count === index - 1;
}

async function resticRounds(
  rig: Rig,
  frail: ReturnType<typeof frailEngine>,
  scenario: Scenario<Round>,
  shard: Shard,
): Promise<Report> {
  let runs: string[] = [];
  const counted: Scenario<Round> = {
    ...scenario,
    order(agent, x) {
      const order = scenario.order(agent, x);
      return async () => {
        frail.watch();
        await order();
        runs = frail.runs();
      };
    },
  };
  const { states } = await enumerate(rig, counted, 'sample');
  const all = runs.flatMap((run, index) =>
    harms.filter((harm) => !impossible(scenario.name, run, harm)).map((harm) => ({ run, nth: index + 1, harm })),
  );
  const nameOf = ({ run, nth, harm }: (typeof all)[number]) => `restic ${run} (${nth}), ${harm}`;
  const due = all.filter((one) => isMine(`${scenario.name} ${nameOf(one)}`, shard));
  const failures = due.map(({ nth, harm }) => (x: Round): Failure => {
    return frail.failure(nth, harm, storedOf(x).repository.location.path);
  });
  return failRounds(rig, scenario, states, failures, due.map(nameOf), wholeRepository(rig.agent, storedOf));
}

/** Its backups lie on a disk of their own, which can be filled. */
async function frailAgent(): Promise<{ agent: TestAgent; frail: ReturnType<typeof frailEngine> }> {
  const agent = await prepareAgent('real');
  const frail = frailEngine(agent.made.directory);
  agent.configure({ engineDir: frail.engine });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m,mode=711', 'berth-test', agent.config.backupRoot]);
  await agent.start();
  return { agent, frail };
}

const shard = shardOf(process.env.BERTH_SHARD);
const only = process.env.BERTH_CRASH_ONLY?.split(',');
const wants = (name: string) => only?.includes(name) ?? true;
const total = { passed: 0, points: 0 };
const count = (report: Report) => {
  total.passed += report.passed;
  total.points += report.points;
  return report.failures;
};

/** What failed of those that are wanted, one after the other. The agent is gone afterwards. */
async function rounds<N extends ScenarioName>(
  agent: TestAgent,
  names: readonly N[],
  of: (rig: Rig, name: N) => Promise<Report>,
): Promise<string[]> {
  const failures: string[] = [];
  try {
    const rig = new Rig(agent);
    await agent.stop();
    await rig.start();
    for (const name of names.filter(wants)) failures.push(...count(await of(rig, name)));
  } finally {
    await agent.cleanUp();
  }
  return failures;
}

describe('an effect that fails', () => {
  it.concurrent('because the disk is full leaves the old or the new state, and a repeat succeeds', async () => {
    const agent = await startTestAgent('real');
    const all = scenarios();
    const failures = await rounds(agent, fragile, (rig, name) =>
      fullEverywhere(rig, all[name] as Scenario<unknown>, shard),
    );
    expect(failures).toEqual([]);
  }, 3_600_000);

  it.concurrent('because of restic or its location leaves the repository usable, and a repeat succeeds', async () => {
    const { agent, frail } = await frailAgent();
    const all = scenarios();
    const failures = await rounds(agent, withRestic, (rig, name) =>
      resticRounds(rig, frail, all[name] as unknown as Scenario<Round>, shard),
    );
    expect(failures).toEqual([]);
  }, 3_600_000);

  it('was met', () => {
    process.stdout.write(
      `failures, shard ${shard.index} of ${shard.count}: ${total.passed} of ${total.points} end in the old or the new state\n`,
    );
    expect(total.points).toBeGreaterThan(0);
  });
});
