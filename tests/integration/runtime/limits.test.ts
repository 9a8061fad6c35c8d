import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCgroups } from '#agent/cgroups/apply.ts';
import { cgroupVersion, parseCgroupMounts } from '#agent/cgroups/mounts.ts';
import type { Cgroups } from '#agent/parts.ts';
import { slow } from '../../support/pace.ts';
import { groupsOf, makePlace, type Place, sleep, until } from './place.ts';

/**
 * One suite for both versions of control groups, by effect, not by reading back what was written. It runs on what the host has;
 * for the other version it says why not.
 */
const hierarchies = parseCgroupMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
const present = cgroupVersion(hierarchies);

it('what a container makes in its group goes with it, however it is nested', () => {
  const cgroups = createCgroups('rt8');
  const id = uuidv7();
  cgroups.ensure(id, { cpuCores: 1, cpuShares: 1024, memoryBytes: 2 ** 26, pids: 50 });
  // As its root may: from inside paths are as long as one likes, for whoever stands in them.
  const script = 'cd "$1"; for n in $(seq 30); do mkdir "$2" 2>/dev/null || break; cd "$2"; done';
  const own = join(hierarchies.unified ?? '', 'berth-rt8', id);
  execFileSync('sh', ['-c', script, 'sh', own, 'x'.repeat(255)]);
  cgroups.remove(id);
  expect(cgroups.list()).not.toContain(id);
});

it('an installation with no container has no group of its own, also when the agent was killed while the last one went', () => {
  const cgroups = createCgroups('rt9');
  const id = uuidv7();
  cgroups.ensure(id, { cpuCores: 1, cpuShares: 1024, memoryBytes: 2 ** 26, pids: 50 });
  const above = groupsOf('rt9');
  expect(above.length).toBeGreaterThan(0);
  cgroups.removeEmpty();
  expect(cgroups.list()).toEqual([id]);
  for (const group of above) if (existsSync(join(group, id))) rmdirSync(join(group, id));
  cgroups.removeEmpty();
  expect(groupsOf('rt9')).toEqual([]);
});

it('where there is less CPU time than is wanted, containers get it by their shares', async () => {
  const cgroups = createCgroups('rt7');
  const busy = [3072, 1024].map((cpuShares) => {
    const id = uuidv7();
    cgroups.ensure(id, { cpuCores: 2, cpuShares, memoryBytes: 2 ** 26, pids: 50 });
    // Both on one processor, which they have to share.
    const child = spawn('taskset', ['-c', '0', 'sh', '-c', 'while :; do :; done'], { stdio: 'ignore' });
    for (const group of groupsOf('rt7'))
      if (existsSync(join(group, id))) writeFileSync(join(group, id, 'cgroup.procs'), String(child.pid));
    return { id, child };
  });
  try {
    /** Ticks that each has used. */
    const used = () =>
      busy.map(({ child }) => {
        const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(fields[11]) + Number(fields[12]);
      });
    await sleep(500);
    const before = used();
    await sleep(3000 * slow);
    const [more = 0, less = 0] = used().map((ticks, n) => ticks - (before[n] ?? 0));
    expect(less).toBeGreaterThan(0);
    expect(more / less).toBeGreaterThan(2); // 3 by the shares; 1 without
    expect(more / less).toBeLessThan(5);
  } finally {
    for (const { id, child } of busy) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      cgroups.remove(id);
    }
    cgroups.removeEmpty();
  }
});

describe.each(['v1', 'v2'] as const)('limits on cgroup %s', (version) => {
  if (version !== present) {
    it.skip(`not run: this host's controllers are on ${present}; needs a host on ${version}`, () => {});
    return;
  }
  const instance = 'rt3';
  let place: Place;
  let cgroups: Cgroups;
  beforeAll(async () => {
    place = await makePlace(instance);
    cgroups = createCgroups(instance);
  });
  afterAll(() => place?.cleanUp());
  const restart = async (limits: Partial<Place['plan']['resources']>) => {
    await place.runtime.kill(place.containerId);
    await place.runtime.cleanUp(place.containerId);
    await place.runtime.start({ ...place.plan, resources: { ...place.plan.resources, ...limits } });
  };
  const shell = (script: string, timeoutMs = 20_000 * slow) =>
    place.runtime.exec(place.containerId, ['/bin/sh', '-c', script], { timeoutMs });
  beforeEach(() => restart({}));

  /** Cores used by a busy loop on every core, measured over two seconds. */
  async function busyCores(): Promise<number> {
    const target = [{ containerId: place.containerId, volumeId: place.volumeId, interfaceName: 'none', pid: 1 }];
    const loops = [1, 2].map(() => shell('while :; do :; done', 3200));
    await sleep(600);
    place.metrics.sample(target);
    await sleep(2000);
    const cores = place.metrics.sample(target).get(place.containerId)?.cpuCores ?? Number.NaN;
    await Promise.all(loops);
    return cores;
  }

  it('a container gets the CPU time of its limit and no more, also when the limit is changed while it runs', async () => {
    await restart({ cpuCores: 0.5 });
    const half = await busyCores();
    expect(half).toBeGreaterThan(0.3);
    expect(half).toBeLessThan(0.6);
    await place.runtime.applyResources(place.containerId, { ...place.plan.resources, cpuCores: 0.2 });
    const fifth = await busyCores();
    expect(fifth).toBeGreaterThan(0.1);
    expect(fifth).toBeLessThan(0.27);
  });

  it('want of memory kills inside only, is counted, and is the cause only when it ended init', async () => {
    await restart({ memoryBytes: 48 * 1024 ** 2 });
    expect((await shell('head -c 20000000 /dev/zero | tail | wc -c')).stdout).toBe('20000000\n');
    expect(cgroups.oomKills(place.containerId)).toBe(0);
    expect((await shell('head -c 200000000 /dev/zero | tail | wc -c')).stdout).not.toBe('200000000\n');
    await until('it is counted', () => cgroups.oomKills(place.containerId) > 0);
    const { running, pid } = place.runtime.state(place.containerId);
    expect(running).toBe(true);
    process.kill(pid ?? 0, 'SIGKILL'); // as the kernel would
    await place.runtime.waitStopped(place.containerId, 5000);
    expect(place.runtime.state(place.containerId).exit).toMatchObject({ status: 137, oom: true });
    await place.runtime.cleanUp(place.containerId, 'run');
    expect(place.runtime.state(place.containerId).exit).toMatchObject({ status: 137, oom: true });
  });

  it('a kill on request after such an end is not taken for want of memory', async () => {
    await restart({ memoryBytes: 48 * 1024 ** 2 });
    await shell('head -c 200000000 /dev/zero | tail | wc -c');
    await until('it is counted', () => cgroups.oomKills(place.containerId) > 0);
    await place.runtime.kill(place.containerId);
    expect(place.runtime.state(place.containerId).exit).toMatchObject({ status: 137, oom: false });
  });

  it('memory can be raised and lowered while it runs, but not below what is in use', async () => {
    const change = (memoryBytes: number) =>
      place.runtime.applyResources(place.containerId, { ...place.plan.resources, memoryBytes });
    await change(512 * 1024 ** 2);
    const holder = shell('head -c 60000000 /dev/zero | (tail -c 60000000 | sleep 4) ; true');
    void shell('x=$(head -c 60000000 /dev/zero | tr "\\0" x); sleep 3; echo $x | wc -c', 15_000 * slow);
    await until('memory is in use', () => (cgroups.usage(place.containerId)?.memoryBytes ?? 0) > 70_000_000, 15_000);
    await expect(change(40 * 1024 ** 2)).rejects.toMatchObject({ code: 'state' });
    expect(place.runtime.state(place.containerId).running).toBe(true);
    await holder;
    await change(512 * 1024 ** 2);
  });

  it('no more processes than allowed', async () => {
    await restart({ pids: 30 });
    const { stdout, stderr } = await shell(
      `i=0; while [ $i -lt 60 ]; do sleep ${5 * slow} >/dev/null 2>&1 & i=$((i+1)); done; echo all; wait`,
      4000 * slow,
    );
    expect(`${stdout}${stderr}`).toMatch(/can't fork|Resource temporarily unavailable/);
    expect(cgroups.usage(place.containerId)?.pids).toBeLessThanOrEqual(30);
    expect(place.runtime.state(place.containerId).running).toBe(true);
  });

  it('usage is the container’s own: CPU, memory, processes, disk', async () => {
    const target = [{ containerId: place.containerId, volumeId: place.volumeId, interfaceName: 'none', pid: 1 }];
    const before = place.metrics.sample(target).get(place.containerId);
    await shell('head -c 8000000 /dev/urandom > /root/data; sync');
    const after = place.metrics.sample(target).get(place.containerId);
    if (before === undefined || after === undefined) throw new Error('no sample');
    expect(after.cpuSeconds).toBeGreaterThan(before.cpuSeconds);
    expect(after.diskBytes - before.diskBytes).toBeGreaterThan(7_900_000);
    expect(after.diskBytes - before.diskBytes).toBeLessThan(10_000_000);
    expect(after.inodes - before.inodes).toBeGreaterThanOrEqual(1);
    expect(after.pids).toBeGreaterThanOrEqual(1);
    expect(after.memoryBytes).toBeGreaterThan(0);
    await place.runtime.kill(place.containerId);
    expect(place.metrics.sample([{ ...(target[0] as (typeof target)[0]), pid: null }]).size).toBe(0);
  });
});
