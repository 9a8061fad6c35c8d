/**
 * Kills the agent before and after every effect of an action and looks at what is left. One round per fault point: the old
 * state → that point armed → the order → the agent is dead → a new agent → the container must be in the old or the new state,
 * and the host hold what belongs to that state and nothing else → the same order again must succeed → back to the old state →
 * the host must hold what it held. What the new agent did in order to recover is killed at as well: twice in a row.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionCall } from '#lib/agent-client/actions.ts';
import type { ActionVerb } from '#lib/contract/agent.ts';
import { AgentDied, type TestAgent } from '../../support/agent.ts';
import { type Extent, nameOf, type Point, type Rig, type Shard, wanted } from './points.ts';
import { difference, world } from './world.ts';

export type Seen = 'old' | 'new' | 'between';

/** One verb's round. `X` is what `before` hands to the others. */
export type Scenario<X> = {
  name: string;
  /** Makes the old state, if the last round's `reset` did not, and what the order needs. */
  before(agent: TestAgent): Promise<X>;
  /** The order, to be given any number of times: always the same one. */
  order(agent: TestAgent, x: X): () => Promise<unknown>;
  /** Which state the container is in, by what an outsider can see. */
  observe(agent: TestAgent, x: X): Promise<Seen>;
  /** While no agent lives. */
  meanwhile?(agent: TestAgent, x: X): Promise<void>;
  /** After the repeated order: the container does what it is for. */
  usable(agent: TestAgent, x: X): Promise<void>;
  reset(agent: TestAgent, x: X): Promise<void>;
  /** What of the host ends with the agent and is no part of either state; after the reset it must be gone all the same. */
  fleeting?: RegExp;
};

/** The limit of every wait for a state; a busy machine takes long, a defect for ever. */
const patienceMs = 60_000;
/** How long an agent that has answered may take to come to an armed point that lies behind the answer. */
const lateMs = 5_000;
/** Effects of the freeze helper: it dies of them, not the agent. */
const helpers = new Set(['SNAPSHOT:THAW']);

export const sending =
  (agent: TestAgent, call: unknown): (() => Promise<unknown>) =>
  () =>
    agent.send(call as ActionCall<ActionVerb>, {}, { retries: 4 });

export async function settled<X>(
  agent: TestAgent,
  scenario: Scenario<X>,
  x: X,
  timeoutMs = patienceMs,
): Promise<'old' | 'new'> {
  for (const end = Date.now() + timeoutMs; ; await sleep(50)) {
    const seen = await scenario.observe(agent, x);
    if (seen !== 'between') return seen;
    if (Date.now() > end) throw new Error('neither the old nor the new state');
  }
}

/** Waits until the host holds `expected`: the kernel takes namespaces, interfaces and devices apart when it likes. */
export async function hostHolds(
  agent: TestAgent,
  expected: readonly string[],
  when: string,
  { timeoutMs = patienceMs, ignore = [] }: { timeoutMs?: number; ignore?: readonly (RegExp | undefined)[] } = {},
): Promise<void> {
  for (const end = Date.now() + timeoutMs; ; await sleep(100)) {
    const wrong = difference(expected, await world(agent)).filter((line) => !ignore.some((one) => one?.test(line)));
    if (wrong.length === 0) return;
    if (Date.now() > end) throw new Error(`${when}:\n${wrong.join('\n')}`);
  }
}

/** Until two looks in a row are the same: what an answered order leaves to the kernel has come to rest. */
export async function atRest(agent: TestAgent): Promise<string[]> {
  for (let last = await world(agent); ; ) {
    await sleep(300);
    const now = await world(agent);
    if (difference(last, now).length === 0) return now;
    last = now;
  }
}

/** True when the agent has died of what is armed, also a moment after its answer. */
async function diesOf(rig: Rig, point: Point, work: Promise<unknown>): Promise<boolean> {
  const { agent } = rig;
  const over = work.then(
    () => 'answered',
    () => 'failed',
  );
  const dead = agent.ended().then(() => 'dead');
  let how = await Promise.race([dead, over]);
  if (how !== 'dead' && helpers.has(point.label)) await agent.stop('SIGKILL');
  if (how !== 'dead') how = await Promise.race([dead, sleep(lateMs, 'alive')]);
  rig.disarm();
  return how === 'dead';
}

/** Starts an agent that is to die while it starts or soon after. */
export async function startToDie(rig: Rig, point: Point, over: () => Promise<unknown>): Promise<boolean> {
  rig.arm(point);
  const work = rig.start().then(over, (error: unknown) => {
    if (!(error instanceof AgentDied)) throw error;
  });
  return diesOf(rig, point, work);
}

/** What the host holds before the order, after it, and after everything was put back. */
export type States = Record<'old' | 'new' | 'clean', string[]>;
/** `fresh`: of an agent that has done nothing yet. */
type Kill = { first: Point; second?: Point; fresh?: boolean };
type Result = { seen: 'old' | 'new'; recovery: Point[] };

/** Null when the agent did not come to the armed point. */
async function round<X>(rig: Rig, scenario: Scenario<X>, kill: Kill, states: States): Promise<Result | null> {
  const { agent } = rig;
  const x = await scenario.before(agent);
  const order = scenario.order(agent, x);
  if (kill.fresh === true) {
    await agent.stop();
    await rig.start();
    await settled(agent, scenario, x);
  }
  rig.arm(kill.first);
  let died = await diesOf(rig, kill.first, order());
  if (died) await scenario.meanwhile?.(agent, x);
  if (died && kill.second !== undefined) died = await startToDie(rig, kill.second, () => settled(agent, scenario, x));
  await agent.stop('SIGKILL');
  rig.watch();
  await rig.start();
  const seen = await settled(agent, scenario, x);
  await hostHolds(agent, states[seen], `after the restart, in the ${seen} state`, { ignore: [scenario.fleeting] });
  const recovery = rig.seen();
  await order();
  if ((await settled(agent, scenario, x)) !== 'new')
    throw new Error('the repeated order did not lead to the new state');
  await scenario.usable(agent, x);
  await scenario.reset(agent, x);
  await hostHolds(agent, states.clean, 'after the reset');
  return died ? { seen, recovery } : null;
}

/** The order without faults: the points it passes, on an agent that has worked before and on a fresh one, and both states. */
export async function enumerate<X>(
  rig: Rig,
  scenario: Scenario<X>,
  extent: Extent,
): Promise<{ points: (Point & { fresh?: true })[]; states: States }> {
  const { agent } = rig;
  const once = async (fresh: boolean) => {
    const x = await scenario.before(agent);
    if (fresh) {
      await agent.stop();
      await rig.start();
    }
    await settled(agent, scenario, x);
    const old = await atRest(agent);
    rig.watch();
    await scenario.order(agent, x)();
    const points = rig.seen();
    if ((await settled(agent, scenario, x)) !== 'new') throw new Error('the order did not lead to the new state');
    const now = await atRest(agent);
    await scenario.usable(agent, x);
    await scenario.reset(agent, x);
    return { points, states: { old, new: now, clean: await atRest(agent) } };
  };
  const cold = extent === 'sample' ? { points: [] } : await once(true);
  const warm = await once(false);
  const known = new Set(warm.points.map(nameOf));
  // Of a fresh agent come only those that one with some memory would not pass.
  const only = cold.points.filter((point) => !known.has(nameOf(point)));
  const kills = [...warm.points, ...only.map((point) => ({ ...point, fresh: true as const }))];
  return { points: kills, states: warm.states };
}

export type Report = {
  points: number;
  passed: number;
  old: number;
  new: number;
  twice: number;
  unmet: string[];
  of: number;
  failures: string[];
};

/** All rounds of a scenario. Points that lie behind an armed one only by chance are listed as unmet, not counted. */
export async function crashEverywhere<X>(
  rig: Rig,
  scenario: Scenario<X>,
  extent: Extent,
  shard: Shard,
): Promise<Report> {
  const { agent } = rig;
  const began = performance.now();
  const { points: all, states } = await enumerate(rig, scenario, extent);
  const report: Report = { points: 0, passed: 0, old: 0, new: 0, twice: 0, unmet: [], of: all.length, failures: [] };
  const usual = new Set(await usualStart(rig));
  const recoveries = new Map<string, Kill>();

  const one = async (kill: Kill) => {
    const name = `${scenario.name}: ${nameOf(kill.first)}${kill.second === undefined ? '' : `, then ${nameOf(kill.second)}`}`;
    report.points += 1;
    try {
      let result: Result | null = null;
      for (let attempt = 0; result === null && attempt < 3; attempt += 1)
        result = await round(rig, scenario, { ...kill, fresh: kill.fresh === true || attempt > 0 }, states);
      if (result === null) {
        report.points -= 1;
        report.unmet.push(name);
        return;
      }
      report.passed += 1;
      report[result.seen] += 1;
      if (kill.second !== undefined) report.twice += 1;
      for (const second of result.recovery) {
        const key = `${second.label}@${second.moment}`;
        if (second.nth === 1 && !usual.has(key) && !recoveries.has(key))
          recoveries.set(key, { first: kill.first, second });
      }
    } catch (error) {
      report.failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      const log = process.env.BERTH_CRASH_LOG;
      if (log !== undefined) writeFileSync(`${log}-${name.replaceAll(/[ /]/g, '_')}`, agent.log);
      process.stdout.write(`${report.failures.at(-1)}\n`);
      await startOver(rig);
    }
  };
  for (const first of wanted(scenario.name, all, extent, shard)) await one({ first, fresh: first.fresh === true });
  const due = [...recoveries.values()];
  // Of a sample, one of the longer scenarios' recoveries each.
  const twice = extent === 'sample' ? due.slice(0, all.length > 50 ? 1 : 0) : due;
  for (const kill of twice) await one(kill);
  process.stdout.write(
    `${lineOf(scenario.name, report, extent)} in ${Math.round((performance.now() - began) / 1000)} s\n`,
  );
  return report;
}

/** What every start of an agent passes, whatever it finds. Killed at in rounds of its own (starts.ts). */
async function usualStart(rig: Rig): Promise<string[]> {
  await rig.agent.stop('SIGKILL');
  rig.watch();
  await rig.start();
  await rig.agent.host();
  return rig.seen().map(({ label, moment }) => `${label}@${moment}`);
}

/** After a round that failed: a living agent and no container. */
export async function startOver(rig: Rig): Promise<void> {
  const { agent } = rig;
  rig.disarm();
  await agent.stop('SIGKILL');
  await rig.start();
  for (const { containerId } of await agent.inventory()) await agent.act('container.delete', { containerId });
}

export function lineOf(name: string, report: Report, extent: Extent): string {
  const { passed, points, old, twice, unmet, of } = report;
  const notes = [
    `${old} old, ${report.new} new`,
    ...(twice > 0 ? [`${twice} killed twice`] : []),
    ...(extent === 'sample' ? [`a sample of ${of}`] : []),
    ...(unmet.length > 0 ? [`not met again: ${unmet.join('; ')}`] : []),
  ];
  return `${name}: ${passed} of ${points} points (${notes.join(', ')})`;
}
