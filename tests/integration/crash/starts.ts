/**
 * The agent's own start as what is killed: over a container that runs, over one that is to run and does not, and on a host that
 * has never had an agent. One round per fault point: the agent is dead → started with the point armed → dead again → started.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNetwork } from '#agent/network/apply.ts';
import { runtimePaths } from '#agent/runtime/paths.ts';
import { RunRecord, readRecord } from '#agent/runtime/record.ts';
import type { TestAgent } from '../../support/agent.ts';
import { removeGroups, unmountBelow } from '../../support/sweep.ts';
import { atRest, hostHolds, lineOf, type Report, startOver, startToDie } from './harness.ts';
import { type Extent, nameOf, type Rig, type Shard, wanted } from './points.ts';
import { type Ground, hasNote, inside } from './scenarios/place.ts';

type StartScenario = {
  name: string;
  /** With a living agent at its beginning, with none at its end: what the next start is to find. */
  prepare(agent: TestAgent): Promise<void>;
  /** The start has come to its end. */
  settled(agent: TestAgent): Promise<boolean>;
  usable(agent: TestAgent): Promise<void>;
};

export function startScenarios(ground: Ground): StartScenario[] {
  let run: string | undefined;
  const runOf = async (agent: TestAgent) => {
    const [item] = await agent.inventory();
    return `${item?.power} since ${item?.since}, boot ${item?.bootId}`;
  };
  return [
    {
      name: 'start, a container runs',
      async prepare(agent) {
        await ground.container(agent, 'running');
        run = await runOf(agent);
        await agent.stop('SIGKILL');
      },
      settled: async () => true,
      async usable(agent) {
        const now = await runOf(agent);
        if (now !== run) throw new Error(`it was not left alone: ${run}, now ${now}`);
        await hasNote(agent, (await ground.container(agent, 'running')).containerId);
      },
    },
    {
      name: 'start, a container died without an agent',
      async prepare(agent) {
        const { containerId } = await ground.container(agent, 'running');
        await agent.stop('SIGKILL');
        killInit(agent, containerId);
      },
      settled: async (agent) => (await agent.inventory())[0]?.power === 'running',
      async usable(agent) {
        const [item] = await agent.inventory();
        if (item?.lastExit == null) throw new Error('nobody knows that it ended');
        await hasNote(agent, item.containerId);
      },
    },
    {
      name: 'start, the first on this host',
      async prepare(agent) {
        for (const { containerId } of await agent.inventory()) await agent.act('container.delete', { containerId });
        await agent.stop('SIGKILL');
        await forgetHost(agent);
      },
      settled: async () => true,
      async usable(agent) {
        const { containerId } = await ground.container(agent, 'running');
        await inside(agent, containerId, 'true');
        await agent.act('container.delete', { containerId });
        await agent.act('layers.collect', { args: { keep: [] } });
      },
    },
  ];
}

function killInit(agent: TestAgent, containerId: string): void {
  const record = readRecord(runtimePaths(agent.config.agentDir).record(containerId), RunRecord);
  if (record === null) throw new Error('it does not run');
  process.kill(record.init.pid, 'SIGKILL');
}

/** All that an agent has ever made here, but its configuration. */
async function forgetHost({ config }: TestAgent): Promise<void> {
  await createNetwork(config).tearDown();
  const lxcfsPid = join(config.agentDir, 'run/lxcfs.pid');
  const pid = existsSync(lxcfsPid) ? readFileSync(lxcfsPid, 'utf8').trim() : undefined;
  await unmountBelow(config.agentDir);
  // It ends by itself then, and last of all removes its file: not that of the next one.
  while (pid !== undefined && commandOf(pid).includes(config.agentDir)) await sleep(20);
  removeGroups(config.instance);
  for (const name of readdirSync(config.agentDir))
    if (name !== 'config.json') rmSync(join(config.agentDir, name), { recursive: true });
  for (const name of readdirSync(config.poolPath)) rmSync(join(config.poolPath, name), { recursive: true });
}

/** Empty once it has ended. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** All rounds of a start. */
export async function crashStarts(rig: Rig, scenario: StartScenario, extent: Extent, shard: Shard): Promise<Report> {
  const { agent } = rig;
  const began = performance.now();
  const settled = async () => {
    for (const end = Date.now() + 120_000; !(await scenario.settled(agent)); )
      if (Date.now() > end) throw new Error('the start does not come to its end');
  };
  const usable = async () => {
    await settled();
    await scenario.usable(agent);
  };
  await scenario.prepare(agent);
  rig.watch();
  await rig.start();
  await settled();
  const all = rig.seen();
  await usable();
  const clean = await atRest(agent);
  const report: Report = { points: 0, passed: 0, old: 0, new: 0, twice: 0, unmet: [], of: all.length, failures: [] };
  for (const point of wanted(scenario.name, all, extent, shard)) {
    report.points += 1;
    try {
      await scenario.prepare(agent);
      if (!(await startToDie(rig, point, settled))) report.unmet.push(nameOf(point));
      await agent.stop('SIGKILL');
      await rig.start();
      await usable();
      await hostHolds(agent, clean, 'after the second start');
      report.passed += 1;
      report.new += 1;
    } catch (error) {
      report.failures.push(`${scenario.name}: ${nameOf(point)}: ${error instanceof Error ? error.message : error}`);
      process.stdout.write(`${report.failures.at(-1)}\n`);
      await startOver(rig);
    }
  }
  process.stdout.write(
    `${lineOf(scenario.name, report, extent)} in ${Math.round((performance.now() - began) / 1000)} s\n`,
  );
  return report;
}
