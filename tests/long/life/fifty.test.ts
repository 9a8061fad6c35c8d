/**
 * Fifty containers on one host: nothing of them changes when their agent is restarted, killed or upgraded, and all of them come
 * back after a boot of the host. Takes about ten minutes on two cores.
 */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestAgent, type TestAgent } from '#tests/support/agent.ts';
import { allRun, expectInTurn, items, makeFleet, pidsOf } from '#tests/support/fleet.ts';
import { rebootHost } from '#tests/support/host-reboot.ts';

const count = 50;
/** Promised, of a machine that has time: what the agent only waited for a processor is taken off. */
const readyWithinMs = 10_000;
const priorities = Array.from({ length: count }, (_, index) => [50, 90, 10][index % 3] ?? 50);
let agent: TestAgent;
let ids: string[];

beforeAll(async () => {
  const idBase = 1_879_048_192 + 65_536 * 6000;
  agent = await startTestAgent('real', { instance: 'lf50', idBase }, 4096);
  ids = await makeFleet(agent, await agent.template(), priorities, true);
}, 1_200_000);
afterAll(() => agent?.cleanUp());

/** Starts the agent; how long that took, and how much of it its main thread waited for a processor that others used. */
async function startMeasured(): Promise<{ readyMs: number; waitedMs: number }> {
  const from = performance.now();
  await agent.start();
  const readyMs = Math.round(performance.now() - from);
  // proc(5): run time, time on the run queue, both in nanoseconds, time slices.
  const [, queuedNs = '0'] = readFileSync(`/proc/${agent.pid}/schedstat`, 'utf8').split(' ');
  return { readyMs, waitedMs: Math.round(Number(queuedNs) / 1e6) };
}

async function restartKeepsAll(how: string, stop: () => Promise<void>): Promise<void> {
  const before = pidsOf(agent, ids);
  await stop();
  const { readyMs, waitedMs } = await startMeasured();
  await agent.inventory();
  const after = pidsOf(agent, ids);
  const changed = ids.filter((id) => before[id] !== after[id]);
  const same = `${count - changed.length} of ${count} containers with the same processes`;
  console.log(`${how}: ${same}, ready in ${readyMs} ms (${waitedMs} of them waiting for a processor)`);
  expect(changed).toEqual([]);
  expect(readyMs - waitedMs).toBeLessThan(readyWithinMs);
  expect((await items(agent, ids)).filter((item) => item.power !== 'running')).toEqual([]);
  expect(await agent.sh(ids[0] ?? '', 'cat /root/mark')).toBe(ids[0]);
}

describe(`${count} containers`, () => {
  it('stay as they are when their agent is restarted', () => restartKeepsAll('restart', () => agent.stop('SIGTERM')));

  it('stay as they are when it is killed', () => restartKeepsAll('kill', () => agent.stop('SIGKILL')));

  it('stay as they are when agent and engine are upgraded, and can be restarted with the new one', async () => {
    const release = join(agent.made.directory, 'release');
    mkdirSync(release);
    for (const path of ['agent', 'lib/contract', 'package.json'])
      cpSync(path, join(release, path), { recursive: true });
    symlinkSync(resolve('node_modules'), join(release, 'node_modules'));
    const engineDir = join(agent.made.directory, 'engine');
    cpSync(agent.config.engineDir, engineDir, { recursive: true, verbatimSymlinks: true });
    await restartKeepsAll('upgrade', async () => {
      await agent.stop('SIGTERM');
      writeFileSync(join(agent.config.agentDir, 'config.json'), JSON.stringify({ ...agent.config, engineDir }));
      agent.main = join(release, 'agent/main.ts');
    });
    await agent.act('container.restart', { containerId: ids[1] ?? '', args: { timeoutMs: 20_000 } });
    expect(await agent.sh(ids[1] ?? '', 'cat /root/mark')).toBe(ids[1]);
  });

  it('come back after a boot of the host: by priority, throttled, at their generation', async () => {
    const before = await items(agent, ids);
    await rebootHost(agent);
    const from = performance.now();
    const { readyMs, waitedMs } = await startMeasured();
    await allRun(agent, ids, 600_000);
    const allMs = Math.round(performance.now() - from);
    const after = await items(agent, ids);
    console.log(
      `boot: ${count} of ${count} containers back after ${allMs} ms; the agent answered after ${readyMs} ms (waited ${waitedMs})`,
    );
    expect(after.map((item) => item.generation)).toEqual(before.map((item) => item.generation));
    expect(after.filter((item) => item.lastExit?.cause !== 'host')).toEqual([]);
    expect(readyMs - waitedMs).toBeLessThan(readyWithinMs);
    await expectInTurn(agent, ids, priorities);
    for (const id of ids) expect(await agent.sh(id, 'cat /root/mark')).toBe(id);
  });
});
