import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BerthError } from '#lib/contract/errors.ts';
import type { Cgroups, Limits } from '../../parts.ts';
import { changeOwner, makeDirectory, writeControl } from '../../sys/files.ts';
import { type Controller, cpuPeriodUs, cpuQuotaUs, longestCpuPeriodUs, wholePages } from '../controller.ts';
import { freezeGroup, freezers, thawGroup } from '../freeze.ts';
import type { CgroupMounts } from '../mounts.ts';
import { parseKeyed } from '../parse.ts';
import { killGroups, limitBelow, listGroups, readControl, removeGroups, removeIfEmpty } from '../tree.ts';
import { cpu } from './cpu.ts';
import { memory } from './memory.ts';
import { pids } from './pids.ts';

const controllers: readonly Controller[] = [cpu, memory, pids];
/** Enabled for the container too when the host has it: no limit of ours, but its counters and pressure. */
const extraControllers = ['io'];

/** What has to be written to a level's cgroup.subtree_control so that its children have the controllers. */
export function subtreeControl(available: string, enabled: string): string | null {
  const has = new Set(available.split(/\s+/));
  const on = new Set(enabled.split(/\s+/));
  const wanted = [...controllers.map((controller) => controller.name), ...extraControllers];
  const missing = wanted.filter((name) => has.has(name) && !on.has(name));
  return missing.length === 0 ? null : missing.map((name) => `+${name}`).join(' ');
}

export function createV2(mounts: CgroupMounts, parent: string): Cgroups {
  const { unified } = mounts;
  if (unified === null) throw new Error('no cgroup2 hierarchy is mounted');
  const at = (...rest: string[]) => join(unified, parent, ...rest);

  const enableControllers = (directory: string) => {
    const missing = subtreeControl(
      readControl(directory, 'cgroup.controllers') ?? '',
      readControl(directory, 'cgroup.subtree_control') ?? '',
    );
    if (missing !== null) writeControl('CGROUP:ENABLE', join(directory, 'cgroup.subtree_control'), missing);
  };

  const usedMemory = (directory: string) => {
    const used = Number(readControl(directory, 'memory.current') ?? 0);
    const inactive = parseKeyed(readControl(directory, 'memory.stat') ?? '').get('inactive_file') ?? 0;
    return Math.max(0, used - inactive);
  };

  const sayCores = (containerId: string, leaf: string, limits: Limits) => {
    const group = at(containerId, leaf);
    if (readControl(group, 'cpu.max') === null) return;
    const quotaUs = Math.floor((cpuQuotaUs(limits.cpuCores) / cpuPeriodUs) * longestCpuPeriodUs);
    const burst = join(group, 'cpu.max.burst');
    if (existsSync(burst)) writeControl('CGROUP:CORES', burst, '0'); // never more than the quota, also while that sinks
    writeControl('CGROUP:CORES', join(group, 'cpu.max'), `${quotaUs} ${longestCpuPeriodUs}`);
    if (existsSync(burst)) writeControl('CGROUP:CORES', burst, String(quotaUs));
  };

  const apply = (containerId: string, limits: Limits) => {
    const directory = at(containerId);
    // v1 refuses a limit below what is in use; v2 would kill for it (cgroup-v2.rst, memory.max). One behaviour for both.
    if (usedMemory(directory) > wholePages(limits.memoryBytes)) {
      throw new BerthError('state', 'More memory is in use than the new limit allows.');
    }
    for (const controller of controllers) {
      for (const { file, value } of controller.plan(limits, (name) => readControl(directory, name))) {
        writeControl('CGROUP:LIMIT', join(directory, file), value);
      }
    }
    for (const leaf of listGroups(directory)) sayCores(containerId, leaf, limits);
  };

  const removeEmpty = () => removeIfEmpty(at());

  return {
    version: 'v2',
    ensure(containerId, limits) {
      enableControllers(unified);
      makeDirectory('CGROUP:MAKE', at(), 0o755);
      enableControllers(at());
      makeDirectory('CGROUP:MAKE', at(containerId), 0o755);
      limitBelow(at(containerId));
      enableControllers(at(containerId));
      apply(containerId, limits);
    },
    apply,
    runtimePath: (containerId, leaf) => `/${parent}/${containerId}/${leaf}`,
    delegate(containerId, leaf, uid) {
      const group = at(containerId, leaf);
      if (!existsSync(group)) return;
      for (const path of ['', 'cgroup.procs', 'cgroup.threads', 'cgroup.subtree_control']) {
        changeOwner('CGROUP:DELEGATE', join(group, path), uid, uid);
      }
    },
    sayCores,
    // memory.events is hierarchical (memory.events.local is not).
    oomKills: (containerId) => parseKeyed(readControl(at(containerId), 'memory.events') ?? '').get('oom_kill') ?? 0,
    usage(containerId) {
      const directory = at(containerId);
      const cpuStat = readControl(directory, 'cpu.stat');
      const tasks = readControl(directory, 'pids.current');
      if (cpuStat === null || tasks === null) return null;
      return {
        cpuSeconds: (parseKeyed(cpuStat).get('usage_usec') ?? 0) / 1e6,
        memoryBytes: usedMemory(directory),
        pids: Number(tasks),
      };
    },
    killAll(containerId) {
      const file = join(at(containerId), 'cgroup.kill'); // since Linux 5.14
      if (existsSync(file)) writeControl('CGROUP:KILL', file, '1');
      else killGroups(at(containerId));
    },
    remove(containerId) {
      removeGroups(at(containerId));
      removeEmpty();
    },
    removeEmpty,
    freeze: (containerId) => freezeGroup(freezers.v2, at(containerId)),
    thaw: (containerId) => thawGroup(freezers.v2, at(containerId)),
    list: () => listGroups(at()),
  };
}
