/**
 * Starts what is down and wanted running, as after a boot of the host: higher priority first, older containers first among
 * equals, no more at a time than the host has cores, each until its boot no longer keeps a core busy. What a person asks for
 * meanwhile waits for none of this.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '../core.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { startWhenDue } from './exits.ts';
import { inLanes } from './lanes.ts';

/** How often a booting container is looked at, and the share of a core below which it counts as booted. */
const lookEveryMs = 200;
const calmCores = 0.3;
/** A container that is busy for its own reasons holds nobody up for longer. */
const longestBootMs = 15_000;

/** Ids are UUIDv7: their order is that of creation. */
export function startOrder(records: readonly ContainerRecord[]): ContainerRecord[] {
  return [...records].sort((a, b) => b.startPriority - a.startPriority || (a.id < b.id ? -1 : 1));
}

export async function startInTurn(core: Core, records: readonly ContainerRecord[]): Promise<void> {
  if (records.length === 0) return;
  const order = startOrder(records);
  for (const { id } of order) core.queued.add(id);
  core.log.info({ containers: order.length }, 'starting what is down and wanted running');
  await inLanes(availableParallelism(), order, async ({ id }) => {
    let tried = false;
    try {
      // One that an action holds, perhaps for hours, is left to it or to the next pass: the others wait behind this one.
      tried = await core.locks.tryRun(id, () => startWhenDue(core, id));
    } catch (error) {
      core.log.error({ err: error, containerId: id }, 'could not be started; tried again');
    } finally {
      core.queued.delete(id);
    }
    if (tried && core.queued.size > 0) await booted(core, id);
  });
}

/** Waits until the container is calm, or ended. */
async function booted(core: Core, containerId: string): Promise<void> {
  const giveUp = performance.now() + longestBootMs;
  let before = core.adapters.metrics.cpuSeconds(containerId);
  while (before !== null && performance.now() < giveUp) {
    const at = performance.now();
    await sleep(lookEveryMs);
    const now = core.adapters.metrics.cpuSeconds(containerId);
    if (now === null || now - before < (calmCores * (performance.now() - at)) / 1000) return;
    before = now;
  }
}
