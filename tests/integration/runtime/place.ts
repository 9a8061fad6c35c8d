import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerPlan } from '#agent/adapters.ts';
import { composeRuntime } from '#agent/compose-runtime.ts';
import { makeRoot, type TestRoot } from '../../support/make-root.ts';
import { slow } from '../../support/pace.ts';

/** Clear of every other test's ranges. */
const idBase = 1_879_048_192 + 65_536 * 9000;

export type Place = TestRoot & ReturnType<typeof composeRuntime> & { plan: ContainerPlan };

/** A mounted root and a runtime of its own, with nothing running. `instance` names all kernel objects. */
export async function makePlace(instance: string, template = 'tiny'): Promise<Place> {
  const made = await makeRoot({ instance, idBase, template, ...(template === 'tiny' ? {} : { bytes: 1024 ** 3 }) });
  const composed = composeRuntime(made.config);
  const plan: ContainerPlan = {
    containerId: made.containerId,
    hostname: 'web-1',
    idBase,
    root: made.root,
    old: null,
    init: made.template.init,
    resources: {
      cpuCores: 1,
      cpuShares: 1024,
      memoryBytes: 256 * 1024 ** 2,
      pids: 200,
      diskBytes: 256 * 1024 ** 2,
      inodes: 16_384,
    },
    network: { hookPath: '', hookArgs: [], resolvConf: '' },
  };
  const cleanUp = async () => {
    await composed.runtime.kill(made.containerId);
    await composed.runtime.cleanUp(made.containerId);
    composed.close();
    await made.cleanUp();
  };
  return { ...made, ...composed, plan, cleanUp };
}

/** Every control group of an instance, in all hierarchies. */
export function groupsOf(instance: string): string[] {
  const base = '/sys/fs/cgroup';
  return [base, ...readdirSync(base).map((name) => join(base, name))]
    .map((hierarchy) => join(hierarchy, `berth-${instance}`))
    .filter((path) => existsSync(path));
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for what comes soon; fails with `what` when it does not. */
export async function until(what: string, holds: () => boolean, timeoutMs = 5000): Promise<void> {
  const end = Date.now() + timeoutMs * slow;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`did not happen in ${timeoutMs} ms: ${what}`);
    await sleep(20);
  }
}
