/** Many containers on one agent, and what every test of them asks. */
import { availableParallelism } from 'node:os';
import { expect } from 'vitest';
import type { InventoryItem } from '#lib/contract/agent-state.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { resources, type TestAgent } from './agent.ts';
import { runOf } from './pids.ts';

const MiB = 1024 * 1024;
export const smallest = { ...resources, cpuCores: 0.5, memoryBytes: 32 * MiB, diskBytes: 64 * MiB, inodes: 2048 };

/** One container for each priority, each with its own mark in a file; `running` or left stopped. */
export async function makeFleet(
  agent: TestAgent,
  template: TemplateRef,
  priorities: readonly number[],
  running: boolean,
): Promise<string[]> {
  const ids: string[] = [];
  for (const startPriority of priorities) {
    const { containerId } = await agent.container(template, { resources: smallest, startPriority });
    ids.push(containerId);
    if (!running) continue;
    await agent.act('container.start', { containerId });
    await agent.sh(containerId, `echo ${containerId} > /root/mark; sync`);
  }
  return ids;
}

export async function items(agent: TestAgent, ids: readonly string[]): Promise<InventoryItem[]> {
  const all = await agent.inventory();
  return ids.map((id) => {
    const item = all.find((one) => one.containerId === id);
    if (item === undefined) throw new Error(`the host lost ${id}`);
    return item;
  });
}

/** First processes and monitors, by container. */
export function pidsOf(agent: TestAgent, ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    ids.map((id) => {
      const { init, monitor } = runOf(agent.config.agentDir, id);
      return [id, `${init.pid}@${init.startTicks} ${monitor.pid}@${monitor.startTicks}`];
    }),
  );
}

/** Waits until all run, however long that takes. */
export async function allRun(agent: TestAgent, ids: readonly string[], timeoutMs: number): Promise<void> {
  const down = async () => (await items(agent, ids)).filter((item) => item.power !== 'running').length;
  await expect.poll(down, { timeout: timeoutMs, interval: 250 }).toBe(0);
}

/**
 * Starts after a boot of the host went by priority, the older first among equals, and no more at a time than there are cores:
 * one that is `cores` places later started later, and not before one of those in between was left in peace for 200 ms.
 */
export async function expectInTurn(agent: TestAgent, ids: readonly string[], priorities: readonly number[]) {
  const lanes = availableParallelism();
  const order = ids
    .map((id, index) => ({ id, priority: priorities[index] ?? 0, index }))
    .sort((a, b) => b.priority - a.priority || a.index - b.index);
  const since = new Map((await items(agent, ids)).map((item) => [item.containerId, Date.parse(item.since)]));
  const times = order.map(({ id }) => since.get(id) ?? 0);
  for (let index = lanes; index < times.length; index += 1) {
    const gapMs = (times[index] ?? 0) - (times[index - lanes] ?? 0);
    expect(gapMs, `start ${index} of ${times.length}`).toBeGreaterThanOrEqual(lanes === 1 ? 190 : 0);
  }
  const sorted = [...times].sort((a, b) => a - b);
  for (let index = lanes; index < sorted.length; index += 1) {
    expect((sorted[index] ?? 0) - (sorted[index - lanes] ?? 0), 'throttled').toBeGreaterThanOrEqual(190);
  }
}
