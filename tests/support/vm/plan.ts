/** Pure part of the guests: what they are made of, and the command lines that make and start them. */
import { createHash } from 'node:crypto';

/** Debian releases that Berth supports, each with its stock kernel. */
export const suites = { 'debian-12': 'bookworm', 'debian-13': 'trixie' } as const;
export type GuestName = keyof typeof suites;
export const guestNames = Object.keys(suites) as GuestName[];

/** Which guests a run is for: all, or those named in `BERTH_VM_GUESTS`, separated by commas. Throws on a name that is none. */
export function chosenGuests(wish: string | undefined): GuestName[] {
  if (wish === undefined || wish === '') return guestNames;
  return wish.split(',').map((name) => {
    const known = guestNames.find((guest) => guest === name);
    if (known === undefined) throw new Error(`There is no guest ${name}. There are: ${guestNames.join(', ')}.`);
    return known;
  });
}

/** Beside what packages.debian asks for on every host: a system that boots and can be driven from outside. */
const ownPackages = ['systemd-sysv', 'udev', 'dbus', 'linux-image-amd64', 'openssh-server', 'zstd'];
/** Tests in the guest need no browser. */
const withoutBrowser = /^(chromium|fonts-)/;

/** Package names for the guest out of packages.debian: unmarked ones and those marked `test`, but what belongs to the browser. */
export function guestPackages(list: string): string[] {
  const names = list.split('\n').flatMap((line) => {
    const [name, mark] = line.replace(/#.*/, '').trim().split(/\s+/);
    return name && (mark === undefined || mark === 'test') && !withoutBrowser.test(name) ? [name] : [];
  });
  return [...new Set([...ownPackages, ...names])].sort();
}

export type TreeFile = { path: string; content: string } | { path: string; link: string };

const masked = [
  // They would swallow the console's output, or work while something is measured.
  'serial-getty@ttyS0.service',
  'getty@tty1.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'systemd-timesyncd.service',
  // Debian 13 puts /tmp into memory; pools of tests lie there and are larger than it.
  'tmp.mount',
];

/** What makes a plain Debian a guest: disks, a fixed address on qemu's network, a secure shell for one key. */
export function guestFiles(publicKey: string): TreeFile[] {
  const overlay = 'lowerdir=/guest/tree:/guest/modules,upperdir=/guest/upper,workdir=/guest/work';
  const needs = ['/guest/tree', '/guest/modules'].map((path) => `x-systemd.requires-mounts-for=${path}`).join(',');
  return [
    { path: 'etc/hostname', content: 'guest\n' },
    { path: 'etc/hosts', content: '127.0.0.1 localhost guest\n' },
    { path: 'etc/resolv.conf', content: 'nameserver 10.0.2.3\n' },
    {
      path: 'etc/fstab',
      content: [
        '/dev/vda / ext4 rw 0 1',
        '/dev/vdb /guest/modules ext4 ro 0 0',
        '/dev/vdc /guest/tree ext4 ro 0 0',
        // the checkout: writable, while what it is made of is shared between runs
        `overlay /berth overlay ${overlay},${needs} 0 0`,
        '',
      ].join('\n'),
    },
    {
      path: 'etc/systemd/system/guest-network.service',
      content: [
        '[Unit]',
        'Description=The address qemu gives us',
        // the driver is a module that udev loads, on a slow machine after everything else
        'Requires=sys-subsystem-net-devices-eth0.device',
        'After=sys-subsystem-net-devices-eth0.device',
        'Before=network.target',
        '[Service]',
        'Type=oneshot',
        'RemainAfterExit=yes',
        'ExecStart=/usr/sbin/ip link set eth0 up',
        'ExecStart=/usr/sbin/ip address replace 10.0.2.15/24 dev eth0',
        'ExecStart=/usr/sbin/ip route replace default via 10.0.2.2',
        '[Install]',
        'WantedBy=multi-user.target',
        '',
      ].join('\n'),
    },
    {
      path: 'etc/systemd/system/multi-user.target.wants/guest-network.service',
      link: '/etc/systemd/system/guest-network.service',
    },
    { path: 'etc/ssh/sshd_config.d/guest.conf', content: 'PermitRootLogin prohibit-password\nUseDNS no\nUsePAM no\n' },
    { path: 'root/.ssh/authorized_keys', content: publicKey },
    ...masked.map((unit) => ({ path: `etc/systemd/system/${unit}`, link: '/dev/null' })),
  ];
}

/** Arguments of mmdebstrap for the guest's root directory. */
export function guestRootArgv(suite: string, packages: readonly string[], root: string, mirror: string): string[] {
  // Only what a guest's disk needs is in the initial RAM disk: unpacking all drivers takes an emulated processor long.
  const initrd = [
    'mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/etc/postgresql-common/createcluster.d"',
    'echo MODULES=list > "$1/etc/initramfs-tools/conf.d/guest"',
    'printf "virtio_pci\\nvirtio_blk\\next4\\n" > "$1/etc/initramfs-tools/modules"',
    'echo create_main_cluster = false > "$1/etc/postgresql-common/createcluster.d/berth.conf"',
  ].join(' && ');
  const unread = ['doc', 'man', 'locale'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  return [
    ...['mmdebstrap', '--variant=minbase', '--format=directory', `--include=${packages.join(',')}`],
    ...['--aptopt=Acquire::Retries "3"', ...unread, `--essential-hook=${initrd}`, suite, root, mirror],
  ];
}

/** A name for an image that changes with everything it is made of. */
export function imageKey(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n${part}`);
  return hash.digest('hex').slice(0, 16);
}

export type Machine = {
  kernel: string;
  initrd: string;
  /** Raw images in the order vda, vdb, …; all but the first read-only. */
  disks: readonly [string, ...string[]];
  console: string;
  memoryMiB: number;
  cores: number;
  /** Guest port → port on the host's loopback. */
  ports: ReadonlyMap<number, number>;
};

/**
 * qemu without hardware help, which is not to be had everywhere; it ends with whoever started it. A disk's flush is the host's
 * flush (cache=writeback), so what the guest was told to be on disk is there after the process is killed.
 */
export function qemuArgv(machine: Machine): string[] {
  const drives = machine.disks.flatMap((file, index) => [
    '-drive',
    `file=${file},format=raw,if=virtio,cache=writeback${index === 0 ? '' : ',readonly=on'}`,
  ]);
  const forwards = [...machine.ports].map(([guest, host]) => `hostfwd=tcp:127.0.0.1:${host}-:${guest}`);
  return [
    ...['setpriv', '--pdeathsig', 'KILL', 'nice', '-n', '10', 'qemu-system-x86_64', '-nodefaults', '-no-user-config'],
    ...['-accel', 'tcg,thread=multi,tb-size=1024', '-cpu', 'max', '-m', String(machine.memoryMiB)],
    ...['-smp', String(machine.cores), '-display', 'none', '-serial', `file:${machine.console}`],
    ...['-kernel', machine.kernel, '-initrd', machine.initrd, ...drives, '-device', 'virtio-rng-pci'],
    ...['-nic', ['user', 'model=virtio-net-pci', ...forwards].join(',')],
    ...['-append', 'console=ttyS0 root=/dev/vda rw net.ifnames=0 mitigations=off panic=10 quiet systemd.show_status=0'],
  ];
}

/** The part of a list that `BERTH_SHARD` (`2/4`: every fourth, beginning with the second) names; all of it without. */
export function shardOf<T>(items: readonly T[], shard: string | undefined): T[] {
  if (shard === undefined || shard === '') return [...items];
  const [, part, parts] = /^(\d+)\/(\d+)$/.exec(shard) ?? [];
  if (part === undefined || Number(part) < 1 || Number(part) > Number(parts))
    throw new Error(`BERTH_SHARD=${shard}: write for example 1/4.`);
  return items.filter((_, index) => index % Number(parts) === Number(part) - 1);
}
