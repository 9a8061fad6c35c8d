/**
 * A second "host" on this machine: a network namespace joined to ours by a veth pair, with a view of /sys and /run of its
 * own, because an agent looks there for its interfaces and keeps what belongs to the whole machine.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';

export type OtherHost = {
  /** Where we reach it. */
  address: string;
  /** Where it reaches us. */
  ours: string;
  /** Words before a command that run it there, in the same process. */
  place: readonly string[];
  /** To be called when nothing runs there any more. */
  remove(): void;
};

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
const namePattern = /^berth-t(\d+)-([0-9a-f]+)$/;

/**
 * A new sysfs shows the interfaces of this network namespace; the control groups mounted below the old one are carried
 * over. All of it is in a mount namespace of its own and gone with its last process.
 */
const enter = [
  'mount -t tmpfs -o mode=755 tmpfs /run',
  'mkdir /run/cgroup',
  'mount --rbind /sys/fs/cgroup /run/cgroup',
  'mount -t sysfs sysfs /sys',
  'mount --rbind /run/cgroup /sys/fs/cgroup',
  'exec "$@"',
].join(' && ');

export function makeOtherHost(): OtherHost {
  sweep();
  const tag = randomBytes(2).toString('hex');
  const name = `berth-t${process.pid}-${tag}`;
  const link = `berthv${tag}`;
  const net = `10.249.${Number.parseInt(tag.slice(0, 2), 16)}`;
  const base = Number.parseInt(tag.slice(2), 16) & 0xfc;
  const [ours, address] = [`${net}.${base + 1}`, `${net}.${base + 2}`];
  const remove = () => {
    if (existsSync(`/sys/class/net/${link}`)) ip('link', 'delete', 'dev', link);
    if (existsSync(`/run/netns/${name}`)) ip('netns', 'delete', name);
  };
  try {
    ip('netns', 'add', name);
    ip('link', 'add', 'name', link, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', name);
    ip('address', 'add', `${ours}/30`, 'dev', link);
    ip('link', 'set', 'dev', link, 'up');
    ip('-n', name, 'link', 'set', 'dev', 'lo', 'up');
    ip('-n', name, 'address', 'add', `${address}/30`, 'dev', 'uplink');
    ip('-n', name, 'link', 'set', 'dev', 'uplink', 'up');
  } catch (error) {
    remove();
    throw error;
  }
  // slave: a copy of other tests' mounts that outlived them would keep their pools busy
  const place = ['nsenter', `--net=/run/netns/${name}`, 'unshare', '--mount', '--propagation', 'slave'];
  return { address, ours, place: [...place, 'sh', '-c', enter, 'sh'], remove };
}

/** Namespaces of tests that were interrupted; their links go with them. */
function sweep(): void {
  if (!existsSync('/run/netns')) return;
  for (const name of readdirSync('/run/netns')) {
    const pid = namePattern.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) ip('netns', 'delete', name);
  }
}
