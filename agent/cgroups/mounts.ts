/**
 * Which hierarchies the host has, from /proc/self/mountinfo (proc_pid_mountinfo(5)). Controllers may share a hierarchy
 * (`cpu,cpuacct`), and a v1 host may have a cgroup2 mount beside the others (hybrid).
 */
export type CgroupMounts = {
  /** v1 controller → mount point. Named hierarchies appear as `name=systemd`. */
  v1: ReadonlyMap<string, string>;
  /** Mount point of the cgroup2 hierarchy. */
  unified: string | null;
};

const v1Controllers = new Set([
  'cpu',
  'cpuacct',
  'cpuset',
  'memory',
  'devices',
  'freezer',
  'blkio',
  'pids',
  'hugetlb',
  'net_cls',
  'net_prio',
  'perf_event',
  'rdma',
  'misc',
]);

/** Octal escapes of mountinfo: space, tab, newline, backslash. */
const unescaped = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

export function parseCgroupMounts(mountinfo: string): CgroupMounts {
  const v1 = new Map<string, string>();
  let unified: string | null = null;
  for (const line of mountinfo.split('\n')) {
    const [left, right] = line.split(' - ');
    if (left === undefined || right === undefined) continue;
    const [, , , root, point] = left.split(' ');
    const [type, , options = ''] = right.split(' ');
    if (point === undefined || root !== '/') continue; // a bind of a part of a hierarchy is not the hierarchy
    if (type === 'cgroup2') unified ??= unescaped(point);
    if (type !== 'cgroup') continue;
    for (const option of options.split(',')) {
      if ((v1Controllers.has(option) || option.startsWith('name=')) && !v1.has(option)) {
        v1.set(option, unescaped(point));
      }
    }
  }
  return { v1, unified };
}

/** v2 only where no limit-carrying controller is bound to v1. */
export function cgroupVersion(mounts: CgroupMounts): 'v1' | 'v2' {
  if (mounts.v1.has('memory') || mounts.v1.has('cpu') || mounts.v1.has('pids')) return 'v1';
  if (mounts.unified === null) throw new Error('no cgroup hierarchy is mounted');
  return 'v2';
}
