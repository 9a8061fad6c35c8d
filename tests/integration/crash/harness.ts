/**
 * Kills the agent before and after every effect of an action and looks at what is left. One round per fault point: a clean
 * old state → the agent with that point armed → the order → the agent is dead → a new agent → the container must be in the
 * old or the new state → the same order again must succeed → back to the old state → the world must be what it was.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ActionCall } from '#lib/agent-client/actions.ts';
import type { ActionVerb } from '#lib/contract/agent.ts';
import { groupsOf, mountsBelow, type TestAgent } from '../../support/agent.ts';

export type Seen = 'old' | 'new' | 'between';

/** One verb's round. `X` is what `before` hands to the others. */
export type Scenario<X> = {
  name: string;
  /** Makes the old state, if the last round's `reset` did not, and what the order needs. */
  before(agent: TestAgent): Promise<X>;
  order(agent: TestAgent, x: X): ActionCall<ActionVerb>;
  /** Which state the container is in, by what an outsider can see. */
  observe(agent: TestAgent, x: X): Promise<Seen>;
  /** After the repeated order: the container does what it is for. */
  usable(agent: TestAgent, x: X): Promise<void>;
  reset(agent: TestAgent, x: X): Promise<void>;
};

/** Point of the first passage of a label within an action; `n` counts passages since the process started. */
export type Point = { label: string; moment: 'before' | 'after'; n: number };

const hit = new Set<string>();
/** Labels that some scenario has passed, or been killed at, in this run. */
export const labelsHit: ReadonlySet<string> = hit;

/** What the host holds of this agent, in words that can be compared. */
export function world(agent: TestAgent): string[] {
  const { agentDir, poolPath, instance } = agent.config;
  const list = (path: string) => (existsSync(path) ? readdirSync(path).map((name) => `${path}/${name}`) : []);
  const links = JSON.parse(execFileSync('ip', ['-j', 'link', 'show', 'type', 'veth']).toString()) as {
    ifname: string;
    master?: string;
  }[];
  const loops = execFileSync('losetup', ['-a']).toString().split('\n');
  return [
    ...mountsBelow(agent.made.directory),
    ...['volumes', 'snapshots', 'layers'].flatMap((name) => list(join(poolPath, name))),
    ...list(join(agentDir, 'run', 'runc')),
    ...list(join(agentDir, 'mnt', 'roots')),
    ...groupsOf(instance),
    ...links.filter((link) => link.master === `berth-${instance}`).map((link) => link.ifname),
    ...loops.filter((line) => line.includes(agent.made.directory)).map((line) => line.replace(/^[^(]*/, '')),
  ]
    .map((line) => line.replaceAll(anyId, 'ID').replace(vethName, 'VETH'))
    .sort();
}

/** Ids differ from round to round; what counts is how many things of each kind there are. */
const anyId = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const vethName = /^berth[0-9a-f]{8}$/;

/** Runs the order once, listing the points it passes. */
async function enumerate<X>(agent: TestAgent, scenario: Scenario<X>): Promise<Point[]> {
  const x = await scenario.before(agent);
  await agent.stop();
  const log = join(agent.made.directory, 'passages');
  writeFileSync(log, '');
  await agent.start({ BERTH_FAULT_LOG: log });
  await settled(agent, scenario, x);
  const passages = () => readFileSync(log, 'utf8').trim().split('\n');
  const ahead = passages();
  await agent.send(scenario.order(agent, x));
  const passed = passages().slice(ahead.length);
  expect(await scenario.observe(agent, x)).toBe('new');
  const points = new Map<string, Point>();
  for (const passage of passed) {
    const [label = '', moment] = passage.split('@');
    hit.add(label);
    const n = ahead.filter((earlier) => earlier === passage).length + 1;
    if (!points.has(passage)) points.set(passage, { label, moment: moment as Point['moment'], n });
  }
  await scenario.usable(agent, x);
  await scenario.reset(agent, x);
  return [...points.values()];
}

async function settled<X>(agent: TestAgent, scenario: Scenario<X>, x: X): Promise<Seen> {
  for (const end = Date.now() + 20_000; ; ) {
    const seen = await scenario.observe(agent, x);
    if (seen !== 'between') return seen;
    if (Date.now() > end) throw new Error('neither the old nor the new state after 20 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function round<X>(agent: TestAgent, scenario: Scenario<X>, point: Point, clean: string[]): Promise<Seen> {
  const x = await scenario.before(agent);
  await agent.stop();
  await agent.start({ BERTH_FAULT: `${point.label}@${point.moment}#${point.n}=kill` });
  await settled(agent, scenario, x);
  const call = scenario.order(agent, x);
  const sent = agent.send(call, {}).catch(() => undefined);
  await Promise.race([agent.ended(), sent]);
  // A point armed for the first passage is passed by the order, or the enumeration was wrong.
  await Promise.race([
    agent.ended(),
    new Promise((_, reject) => setTimeout(() => reject(new Error('the agent was not killed')), 5000)),
  ]);
  await agent.start();
  const seen = await settled(agent, scenario, x);
  await agent.send(call);
  expect(await settled(agent, scenario, x)).toBe('new');
  await scenario.usable(agent, x);
  await scenario.reset(agent, x);
  expect(world(agent)).toEqual(clean);
  return seen;
}

/** Which points of a scenario are killed at: see {@link wanted}. */
export type Extent = 'both' | 'before' | 'sample' | 'none';
const sampleStep = 5;

/**
 * All rounds of a scenario; rejects with every point that failed. The state after one effect is the state before the next, so
 * `before` halves the rounds of `both` and loses only the last; `sample` takes every fifth of those, and says so.
 */
export async function crashEverywhere<X>(agent: TestAgent, scenario: Scenario<X>, extent: Extent): Promise<string> {
  const all = await enumerate(agent, scenario);
  const clean = world(agent);
  const points = wanted(all, extent);
  const failures: string[] = [];
  const counts = { old: 0, new: 0, between: 0 };
  for (const point of points) {
    try {
      counts[await round(agent, scenario, point, clean)] += 1;
    } catch (error) {
      const name = `${point.label}@${point.moment}#${point.n}`;
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      if (process.env.BERTH_CRASH_LOG !== undefined)
        writeFileSync(`${process.env.BERTH_CRASH_LOG}-${scenario.name}-${name}`, agent.log);
      await agent.stop('SIGKILL');
      await agent.start();
      for (const { containerId } of await agent.inventory()) await agent.act('container.delete', { containerId });
    }
  }
  const sampled = extent === 'sample' ? `, a sample of ${all.length}` : '';
  const line = `${scenario.name}: ${points.length - failures.length} of ${points.length} points (${counts.old} old, ${counts.new} new${sampled})`;
  process.stdout.write(`${line}\n`);
  if (failures.length > 0) throw new Error(`${line}\n${failures.join('\n')}`);
  return line;
}

function wanted(all: readonly Point[], extent: Extent): Point[] {
  if (extent === 'both') return [...all];
  if (extent === 'none') return [];
  const states = all.filter(({ moment }, index) => moment === 'before' || index === all.length - 1);
  return extent === 'before' ? states : states.filter((_, index) => index % sampleStep === sampleStep - 1);
}
