import type { TemplateRef } from '#lib/contract/templates.ts';
import type { ContainerPlan } from '../adapters.ts';
import { capabilities } from './capabilities.ts';
import { seccompProfile } from './seccomp.ts';

/** Ids per container; the range starts at the plan's `idBase`. */
export const idRange = 65_536;

/** Which init takes its orders by signals. sysvinit takes them by a pipe in the container: see {@link sysvinitShutdown}. */
type Signalled = Exclude<TemplateRef['init'], 'sysvinit'>;

/** The signal on which init shuts the system down: systemd(1) SIGRTMIN+3 (= 37 on Linux), busybox init SIGUSR2. */
export const shutdownSignal = { systemd: 37, busybox: 12 } as const satisfies Record<Signalled, number>;

/** What a signal would do to sysvinit depends on its inittab; this means the same everywhere. */
export const sysvinitShutdown = ['/sbin/telinit', '0'] as const;

/**
 * Signals by which one sees that init listens for {@link shutdownSignal}. busybox init blocks SIGUSR2 and waits for it with
 * sigtimedwait, during which /proc shows it unblocked; right after blocking it, it installs its handler of SIGTSTP (20).
 */
export const readySignals = { systemd: [37], busybox: [12, 20] } as const satisfies Record<
  Signalled,
  readonly number[]
>;

export const containerPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What the plan needs to know of the host besides the container's own plan. */
export type HostFacts = {
  cgroupsPath: string;
  /** Hard limit of open files of the agent: more than that cannot be given without CAP_SYS_RESOURCE. */
  openFiles: number;
  /** Own oom_score_adj: a lower one cannot be given without CAP_SYS_RESOURCE. */
  oomScoreAdj: number;
  /** Files bound over those of /proc, so that they show the container's own figures. */
  figures: readonly { source: string; destination: string }[];
};

/** What runs in the container: its init on the monitor's terminal, or one program to its end. */
export type Program = { kind: 'init' } | { kind: 'once'; argv: readonly string[] };

/** Hidden from inside: what tells of the host or reaches its devices. Not a boundary (root inside could unmount them); that is the user namespace. */
const maskedPaths = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/cmdline',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/kmsg',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
];
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sysrq-trigger'];

type Mount = { destination: string; type: string; source: string; options: string[] };

/** The mounts over the root, in order: later ones lie on earlier ones. /tmp stays on the tenant's disk, under its quota. */
export function mounts(plan: ContainerPlan, figures: HostFacts['figures'], program: Program): Mount[] {
  const list: Mount[] = [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
    {
      destination: '/sys/fs/cgroup',
      type: 'cgroup2',
      source: 'cgroup2',
      options: ['nosuid', 'noexec', 'nodev', 'relatime'],
    },
    { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'strictatime', 'mode=755', 'size=1m'] },
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
    },
    { destination: '/dev/shm', type: 'tmpfs', source: 'shm', options: ['nosuid', 'nodev', 'mode=1777'] },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
    { destination: '/run', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', 'mode=755'] },
    {
      destination: '/run/lock',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'nodev', 'noexec', 'mode=1777', 'size=5m'],
    },
  ];
  for (const { source, destination } of figures) {
    list.push({ destination, type: 'bind', source, options: ['bind', 'nosuid', 'nodev', 'noexec'] });
  }
  if (program.kind === 'init' && plan.network.resolvConf !== '') {
    list.push({
      destination: '/etc/resolv.conf',
      type: 'bind',
      source: plan.network.resolvConf,
      options: ['bind', 'ro', 'nosuid', 'nodev', 'noexec'],
    });
  }
  if (plan.old !== null) {
    list.push({ destination: '/old', type: 'bind', source: plan.old, options: ['rbind', 'ro', 'nosuid', 'nodev'] });
  }
  if (plan.repair !== undefined) {
    const options = ['rbind', ...(plan.repair.readOnly ? ['ro'] : []), 'nosuid', 'nodev'];
    list.push({ destination: '/repair', type: 'bind', source: plan.repair.path, options });
  }
  return list;
}

/** The OCI configuration (runtime-spec 1.2) of a container. Pure: same plan, same configuration. */
export function ociConfig(plan: ContainerPlan, host: HostFacts, program: Program) {
  const mapping = [{ containerID: 0, hostID: plan.idBase, size: idRange }];
  const hook = program.kind === 'init' && plan.network.hookPath !== '';
  return {
    ociVersion: '1.2.0',
    hostname: plan.hostname,
    root: { path: plan.root, readonly: false },
    process: {
      terminal: program.kind === 'init',
      user: { uid: 0, gid: 0 },
      args: program.kind === 'init' ? ['/sbin/init'] : [...program.argv],
      env: [
        `PATH=${containerPath}`,
        'container=oci',
        // systemd takes it as machine id when the file is empty: every container its own, none in the template.
        `container_uuid=${plan.containerId}`,
        ...(program.kind === 'init' ? ['TERM=linux'] : ['HOME=/root', 'TERM=dumb', 'DEBIAN_FRONTEND=noninteractive']),
      ],
      cwd: '/',
      capabilities: {
        bounding: [...capabilities],
        effective: [...capabilities],
        permitted: [...capabilities],
      },
      rlimits: [
        // 1024 soft, because select() knows no more; programs that can use more raise it themselves.
        { type: 'RLIMIT_NOFILE', soft: Math.min(1024, host.openFiles), hard: Math.min(524_288, host.openFiles) },
        { type: 'RLIMIT_CORE', soft: 0, hard: 0 },
      ],
      noNewPrivileges: false,
      oomScoreAdj: Math.max(0, host.oomScoreAdj),
    },
    mounts: mounts(plan, host.figures, program),
    hooks: hook ? { createRuntime: [{ path: plan.network.hookPath, args: [...plan.network.hookArgs] }] } : {},
    linux: {
      namespaces: ['user', 'pid', 'mount', 'network', 'ipc', 'uts', 'cgroup'].map((type) => ({ type })),
      uidMappings: mapping,
      gidMappings: mapping,
      cgroupsPath: host.cgroupsPath,
      // The runtime adds null, zero, full, random, urandom, tty and the terminals.
      resources: { devices: [{ allow: false, access: 'rwm' }] },
      rootfsPropagation: 'rslave',
      maskedPaths,
      readonlyPaths,
      seccomp: seccompProfile(),
    },
  };
}
