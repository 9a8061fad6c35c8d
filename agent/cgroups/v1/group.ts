import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BerthError } from '#lib/contract/errors.ts';
import type { Cgroups, Limits } from '../../parts.ts';
import { changeOwner, makeDirectory, writeControl } from '../../sys/files.ts';
import { type Controller, cpuPeriodUs, cpuQuotaUs, longestCpuPeriodUs } from '../controller.ts';
import { freezeGroup, freezers, thawGroup } from '../freeze.ts';
import type { CgroupMounts } from '../mounts.ts';
import { parseKeyed } from '../parse.ts';
import { killGroups, limitBelow, listGroups, readControl, removeGroups, removeIfEmpty } from '../tree.ts';
import { cpu } from './cpu.ts';
import { memory } from './memory.ts';
import { pids } from './pids.ts';

const controllers: readonly Controller[] = [cpu, memory, pids];

/**
 * Hierarchies that count or freeze but carry no limit of ours. cpuset is left to the runtime, which initialises every level
 * as the kernel demands; devices too, because its rules are inherited from the level above when a group is made.
 */
const countingHierarchies = ['cpuacct', 'freezer', 'blkio'];

export function createV1(mounts: CgroupMounts, parent: string): Cgroups {
  const points = new Set([...mounts.v1.values(), ...(mounts.unified === null ? [] : [mounts.unified])]);
  const at = (controller: string, containerId: string) => {
    const point = mounts.v1.get(controller);
    if (point === undefined) throw new Error(`the host has no ${controller} controller`);
    return join(point, parent, containerId);
  };
  const unified = (...rest: string[]) => (mounts.unified === null ? null : join(mounts.unified, parent, ...rest));

  const quotaFile = 'cpu.cfs_quota_us';
  const burstFile = 'cpu.cfs_burst_us';
  const setBurst = (group: string, value: number) => {
    if (existsSync(join(group, burstFile))) writeControl('CGROUP:CORES', join(group, burstFile), String(value));
  };
  const sayCores = (containerId: string, leaf: string, limits: Limits) => {
    const group = join(at('cpu', containerId), leaf);
    if (!existsSync(group)) return;
    const quotaUs = Math.floor((cpuQuotaUs(limits.cpuCores) / cpuPeriodUs) * longestCpuPeriodUs);
    writeControl('CGROUP:CORES', join(group, 'cpu.cfs_period_us'), String(longestCpuPeriodUs));
    writeControl('CGROUP:CORES', join(group, quotaFile), String(quotaUs));
    setBurst(group, quotaUs);
  };

  const apply = (containerId: string, limits: Limits) => {
    // The kernel refuses a group more than the one above it has: what is below says nothing meanwhile.
    const said = listGroups(at('cpu', containerId)).filter(
      (leaf) => readControl(join(at('cpu', containerId), leaf), quotaFile) !== '-1',
    );
    for (const leaf of said) {
      setBurst(join(at('cpu', containerId), leaf), 0);
      writeControl('CGROUP:CORES', join(at('cpu', containerId), leaf, quotaFile), '-1');
    }
    for (const controller of controllers) {
      const directory = at(controller.name, containerId);
      for (const { file, value } of controller.plan(limits, (name) => readControl(directory, name))) {
        try {
          writeControl('CGROUP:LIMIT', join(directory, file), value);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'EBUSY' && controller.name === 'memory') {
            throw new BerthError('state', 'More memory is in use than the new limit allows.', { cause: error });
          }
          throw error;
        }
      }
    }
    for (const leaf of said) sayCores(containerId, leaf, limits);
  };

  const removeEmpty = () => {
    for (const point of points) removeIfEmpty(join(point, parent));
  };

  return {
    version: 'v1',
    ensure(containerId, limits) {
      for (const name of [...controllers.map((controller) => controller.name), ...countingHierarchies]) {
        if (mounts.v1.has(name)) makeDirectory('CGROUP:MAKE', at(name, containerId), 0o755);
      }
      const group = unified(containerId);
      if (group !== null) {
        makeDirectory('CGROUP:MAKE', group, 0o755);
        limitBelow(group);
      }
      apply(containerId, limits);
    },
    apply,
    runtimePath: (containerId, leaf) => `/${parent}/${containerId}/${leaf}`,
    delegate(containerId, leaf, uid) {
      const group = unified(containerId, leaf);
      if (group === null || !existsSync(group)) return;
      for (const path of ['', 'cgroup.procs', 'cgroup.threads', 'cgroup.subtree_control']) {
        changeOwner('CGROUP:DELEGATE', join(group, path), uid, uid);
      }
    },
    sayCores,
    oomKills: (containerId) => totalOomKills(at('memory', containerId)),
    usage(containerId) {
      const cpuNanoseconds = readControl(at('cpuacct', containerId), 'cpuacct.usage');
      const directory = at('memory', containerId);
      const used = readControl(directory, 'memory.usage_in_bytes');
      const tasks = readControl(at('pids', containerId), 'pids.current');
      if (cpuNanoseconds === null || used === null || tasks === null) return null;
      const inactive = parseKeyed(readControl(directory, 'memory.stat') ?? '').get('total_inactive_file') ?? 0;
      return {
        cpuSeconds: Number(cpuNanoseconds) / 1e9,
        memoryBytes: Math.max(0, Number(used) - inactive),
        pids: Number(tasks),
      };
    },
    killAll(containerId) {
      killGroups(at('pids', containerId));
    },
    remove(containerId) {
      for (const point of points) removeGroups(join(point, parent, containerId));
      removeEmpty();
    },
    removeEmpty,
    freeze: (containerId) => freezeGroup(freezers.v1, at('freezer', containerId)),
    thaw: (containerId) => thawGroup(freezers.v1, at('freezer', containerId)),
    list: () => [...new Set([...points].flatMap((point) => listGroups(join(point, parent))))],
  };
}

/** memory.oom_control counts per group, not per tree (mm/memcontrol-v1.c), and the kill is booked where the process sat. */
function totalOomKills(directory: string): number {
  const own = parseKeyed(readControl(directory, 'memory.oom_control') ?? '').get('oom_kill') ?? 0;
  return listGroups(directory).reduce((sum, name) => sum + totalOomKills(join(directory, name)), own);
}
