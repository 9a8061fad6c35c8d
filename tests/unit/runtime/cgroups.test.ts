import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cgroupVersion, parseCgroupMounts } from '#agent/cgroups/mounts.ts';
import { parseKeyed } from '#agent/cgroups/parse.ts';
import { cpu as cpuV1 } from '#agent/cgroups/v1/cpu.ts';
import { memory as memoryV1 } from '#agent/cgroups/v1/memory.ts';
import { cpu as cpuV2, cpuWeight } from '#agent/cgroups/v2/cpu.ts';
import { subtreeControl } from '#agent/cgroups/v2/group.ts';
import { memory as memoryV2 } from '#agent/cgroups/v2/memory.ts';
import { pids as pidsV2 } from '#agent/cgroups/v2/pids.ts';

const limits = { cpuCores: 0.5, cpuShares: 1024, memoryBytes: 2 ** 28 + 5, pids: 100 };
const nothing = () => null;

describe('hierarchies of a host', () => {
  const hybrid = [
    '30 22 0:26 / /sys/fs/cgroup/cpu\\040x,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct',
    '31 22 0:27 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
    '32 22 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd',
    '33 22 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
    '34 22 0:29 /sub /elsewhere rw - cgroup2 cgroup2 rw',
    '35 22 0:30 / /tmp rw - tmpfs tmpfs rw,memory',
  ].join('\n');

  it('are read from mountinfo: shared ones, named ones, the unified one, not binds of parts', () => {
    const mounts = parseCgroupMounts(hybrid);
    expect(Object.fromEntries(mounts.v1)).toEqual({
      cpu: '/sys/fs/cgroup/cpu x,cpuacct',
      cpuacct: '/sys/fs/cgroup/cpu x,cpuacct',
      memory: '/sys/fs/cgroup/memory',
      'name=systemd': '/sys/fs/cgroup/systemd',
    });
    expect(mounts.unified).toBe('/sys/fs/cgroup/unified');
    expect(cgroupVersion(mounts)).toBe('v1');
  });

  it('are v2 where no limit-carrying controller is on v1', () => {
    const pure = '33 22 0:29 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate';
    expect(cgroupVersion(parseCgroupMounts(pure))).toBe('v2');
    expect(() => cgroupVersion(parseCgroupMounts(''))).toThrow(/no cgroup/);
  });

  it('any text is survived', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseCgroupMounts(text)));
  });
});

describe('cpu.weight from cpu.shares', () => {
  it('meets the three pairs of the kernel’s scales', () => {
    expect([2, 1024, 262_144].map(cpuWeight)).toEqual([1, 100, 10_000]);
  });
  it('is a valid weight and never falls when shares rise', () => {
    const shares = fc.integer({ min: 0, max: 300_000 });
    fc.assert(
      fc.property(shares, shares, (a, b) => {
        const [low, high] = [cpuWeight(Math.min(a, b)), cpuWeight(Math.max(a, b))];
        expect(low).toBeGreaterThanOrEqual(1);
        expect(high).toBeLessThanOrEqual(10_000);
        expect(low).toBeLessThanOrEqual(high);
        expect(Number.isInteger(low)).toBe(true);
      }),
    );
  });
});

describe('the writes of a plan', () => {
  it('limit CPU by a share of each period', () => {
    expect(cpuV1.plan(limits, nothing)).toEqual([
      { file: 'cpu.cfs_period_us', value: '100000' },
      { file: 'cpu.cfs_quota_us', value: '50000' },
      { file: 'cpu.shares', value: '1024' },
    ]);
    expect(cpuV2.plan(limits, nothing)).toEqual([
      { file: 'cpu.max', value: '50000 100000' },
      { file: 'cpu.weight', value: '100' },
    ]);
    expect(pidsV2.plan(limits, nothing)).toEqual([{ file: 'pids.max', value: '100' }]);
  });

  it('keep memory at or below memory+swap at every moment, whichever way the limit moves', () => {
    const bytes = fc.integer({ min: 2 ** 24, max: 2 ** 40 });
    fc.assert(
      fc.property(bytes, bytes, (now, next) => {
        const group: Record<string, number> = { 'memory.limit_in_bytes': now, 'memory.memsw.limit_in_bytes': now };
        for (const write of memoryV1.plan({ ...limits, memoryBytes: next }, (file) => String(group[file]))) {
          group[write.file] = Number(write.value);
          expect(group['memory.limit_in_bytes']).toBeLessThanOrEqual(group['memory.memsw.limit_in_bytes'] ?? 0);
        }
        expect(group['memory.limit_in_bytes']).toBe(Math.floor(next / 4096) * 4096);
        expect(group['memory.memsw.limit_in_bytes']).toBe(group['memory.limit_in_bytes']);
      }),
    );
  });

  it('leave swap alone where the kernel does not account it', () => {
    expect(memoryV1.plan(limits, nothing)).toEqual([{ file: 'memory.limit_in_bytes', value: String(2 ** 28) }]);
    expect(memoryV2.plan(limits, nothing)).toEqual([{ file: 'memory.max', value: String(2 ** 28) }]);
    expect(memoryV2.plan(limits, () => 'max')).toContainEqual({ file: 'memory.swap.max', value: '0' });
  });

  it('enable on v2 what is available and not yet on', () => {
    expect(subtreeControl('cpuset cpu io memory hugetlb pids', 'cpu')).toBe('+memory +pids +io');
    expect(subtreeControl('cpu memory pids', 'pids memory cpu')).toBeNull();
    expect(subtreeControl('', '')).toBeNull();
  });
});

describe('counters', () => {
  it('are read line by line, other lines passed over', () => {
    const counters = parseKeyed('oom_kill_disable 0\nunder_oom 0\noom_kill 3\nsome avg10=0.00\nfull\n');
    expect(counters.get('oom_kill')).toBe(3);
    expect(counters.has('full')).toBe(false);
  });
});
