/**
 * The doors that are open to root in a container, each with why that is safe. Everything the probe finds open must be here; whoever adds
 * a line answers for its reason. `sometimes`: depends on the kernel's version or configuration, or on the template.
 */
export type OpenDoor = { door: string; why: string; sometimes?: true };

const ownMounts =
  'A mount in the container’s own namespace, owned by its user namespace; nothing of it reaches the host.';
const ownIpc = 'Counts in the container’s own IPC namespace; its memory is charged to the container.';
const onlyShows = 'Shows something of the host, steers nothing. Hidden by a mask, which root inside may take off.';

export const permittedDoors: readonly OpenDoor[] = [
  ...['tmpfs', 'ramfs', 'devpts', 'mqueue', 'overlay'].map((type) => ({ door: `mount ${type}`, why: ownMounts })),
  {
    door: 'mount proc',
    why: 'Shows the container’s own processes; what lies in it is guarded file by file (see below).',
  },
  {
    door: 'mount sysfs',
    why: 'Every file of it belongs to the host’s root, or to the own network namespace.',
    sometimes: true,
  },
  { door: 'mount cgroup2', why: 'Shows the container’s own subtree, by its cgroup namespace; limits lie above it.' },
  { door: 'mount bpf', why: 'An empty directory as long as the bpf call is refused.', sometimes: true },
  {
    door: 'mount binfmt_misc',
    why: 'Since Linux 6.7 each user namespace has its own; older kernels refuse.',
    sometimes: true,
  },
  {
    door: 'make /sys writable',
    why: 'The mount, not the files: each belongs to the host’s root, who is nobody inside.',
  },
  { door: 'make /proc/sysrq-trigger writable', why: 'The mount, not the file (see /sys).', sometimes: true },
  {
    door: 'take a mask off',
    why: 'Masks hide, they do not guard; the doors below are tried with all masks off.',
    sometimes: true,
  },
  { door: 'copy the mount tree', why: ownMounts },
  { door: 'new mount interface', why: ownMounts },
  { door: 'forge a whiteout', why: 'Hides a file of the template in the container’s own volume.', sometimes: true },
  { door: 'name a handle', why: 'Gives a number of a file that is open already; opening by number is refused.' },
  { door: 'reboot', why: 'Acts on the container’s process namespace: it is how reboot and poweroff inside work.' },
  { door: 'segment table', why: 'Per process, for 16-bit programs; no known way out, and Wine needs it.' },
  { door: 'watch own files', why: 'For files one may open; the number of watches is capped per container.' },
  { door: 'trace a process', why: 'Only processes of the container can be named, and of its user namespace traced.' },
  {
    door: 'new user namespace',
    why: 'Lies below the container’s own, has no more rights than it, and its counts add to the container’s. Browsers and systemd need it.',
  },
  { door: 'new network namespace', why: 'Has no way out but through the container’s own interface.' },
  { door: 'new time namespace', why: 'Shifts the monotonic clock for own processes only.' },
  {
    door: 'socket packet',
    why: 'In the own network namespace; what leaves it must carry the container’s own addresses (rules of the bridge).',
  },
  { door: 'raw icmp socket', why: 'As with packet sockets; ping needs it.' },
  { door: 'new bridge', why: 'In a network namespace of its own; as with packet sockets.' },
  { door: 'new dummy interface', why: 'In the container’s network namespace.', sometimes: true },
  ...['kernel/pid_max', 'kernel/ns_last_pid'].flatMap((name) =>
    [`write /proc/sys/${name}`, `setting ${name}`].map((door) => ({
      door,
      why: 'Of the container’s own process namespace; how many processes there may be is the control group’s.',
      sometimes: true as const,
    })),
  ),
  { door: 'any setting', why: 'Those listed one by one as “setting …”.' },
  { door: 'setting net/…', why: 'Of the container’s own network namespace; what is shared is not shown in it.' },
  ...['msg_default', 'msg_max', 'msgsize_default', 'msgsize_max', 'queues_max'].map((name) => ({
    door: `setting fs/mqueue/${name}`,
    why: ownIpc,
  })),
  ...[
    ...['auto_msgmni', 'msg_next_id', 'msgmax', 'msgmnb', 'msgmni', 'sem', 'sem_next_id'],
    ...['shm_next_id', 'shm_rmid_forced', 'shmall', 'shmmax', 'shmmni'],
  ].map((name) => ({ door: `setting kernel/${name}`, why: ownIpc, sometimes: true as const })),
  ...['hostname', 'domainname'].map((name) => ({
    door: `setting kernel/${name}`,
    why: 'Of the container’s own UTS namespace.',
    sometimes: true as const,
  })),
  { door: 'anything in /sys', why: 'Those listed one by one as “sysfs …”.', sometimes: true },
  ...['devices/virtual/net/…', 'class/net/…'].map((name) => ({
    door: `sysfs ${name}`,
    why: 'Interfaces of the container’s own network namespace.',
    sometimes: true as const,
  })),
  { door: 'sysfs fs/cgroup/…', why: 'The container’s own subtree; limits lie above it.', sometimes: true },
  {
    door: 'read /proc/keys',
    why: 'Shows keys of the own user namespace only, and making any is refused.',
    sometimes: true,
  },
  ...['interrupts', 'cmdline', 'timer_list', 'slabinfo', 'vmallocinfo', 'pagetypeinfo'].map((name) => ({
    door: `read /proc/${name}`,
    why: onlyShows,
    sometimes: true as const,
  })),
  {
    door: 'socket inet (32-bit)',
    why: 'The internet, as for any program: tried to see that the 32-bit entrance as such works.',
    sometimes: true,
  },
];

/** Published holes whose way out is one of the probe's doors. */
export const holesBehindDoors: Record<string, readonly string[]> = {
  'CVE-2022-0492 (release agent)': ['cgroup release agent'],
  'CVE-2014-3519 (open by handle, “shocker”)': ['open by handle', 'open by handle (32-bit)'],
  'CVE-2020-15257 (abstract sockets of the host)': ['abstract socket of the host'],
  'CVE-2022-0811 (core pattern by settings)': ['write /proc/sys/kernel/core_pattern'],
  'CVE-2022-29162 (inheritable capabilities)': ['inheritable capability', 'ambient capability'],
  'CVE-2017-5226 (keys pushed into a terminal)': ['push into the console', 'take over the console'],
  'CVE-2019-8912 (AF_ALG)': ['socket alg', 'socket alg (socketcall)'],
  'CVE-2023-25809 (writable control groups of the host)': ['own outer limit', 'leave the control group'],
  'CVE-2021-27363 (iSCSI by netlink)': ['netlink iscsi'],
};
