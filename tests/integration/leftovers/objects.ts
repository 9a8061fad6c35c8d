/** What the kernel and the file system hold of one test agent, looked for without asking the agent or its code. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

export type Subject = { directory: string; instance: string };

/** Names of objects, by sort. Links and namespaces are those seen while the agent ran, see {@link remember}. */
export type Objects = Record<
  'files' | 'processes' | 'mounts' | 'loops' | 'cgroups' | 'tables' | 'links' | 'netns',
  string[]
>;

/** Links and network namespaces are nameless or named after containers: they are noted while their owners are known. */
export type Seen = { links: Set<string>; netns: Set<string> };
export const nothingSeen = (): Seen => ({ links: new Set(), netns: new Set() });

const orNothing = <T>(read: () => T, nothing: T): T => {
  try {
    return read();
  } catch {
    return nothing; // processes end while we look
  }
};
const pids = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
const netnsOf = (pid: string) => orNothing(() => readlinkSync(`/proc/${pid}/ns/net`), '');
const groups = (instance: string) =>
  globSync([`/sys/fs/cgroup/berth-${instance}`, `/sys/fs/cgroup/*/berth-${instance}`]).flatMap((path) => [
    path,
    ...globSync(`${path}/**/`),
  ]);
type Link = { ifname: string; master?: string };
const links = () => JSON.parse(execFileSync('ip', ['-j', 'link', 'show']).toString()) as Link[];

/** Notes the links and namespaces that belong to the agent now. */
export function remember(seen: Seen, { instance }: Subject): void {
  const bridge = `berth-${instance}`;
  for (const { ifname, master } of links()) if (ifname === bridge || master === bridge) seen.links.add(ifname);
  const own = readlinkSync('/proc/self/ns/net');
  for (const group of groups(instance)) {
    for (const pid of orNothing(() => readFileSync(`${group}/cgroup.procs`, 'utf8').split('\n'), [])) {
      const netns = pid === '' ? '' : netnsOf(pid);
      if (netns !== '' && netns !== own) seen.netns.add(netns);
    }
  }
}

/** Everything that is there now. `except` are processes of the test itself. */
export function objectsOf({ directory, instance }: Subject, seen: Seen, except: readonly number[] = []): Objects {
  const processes: string[] = [];
  const netns = new Set<string>();
  const mounts = new Set<string>();
  const looked = new Set<string>();
  for (const pid of pids().filter((one) => !except.includes(Number(one)))) {
    const command = orNothing(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '), '');
    const places = ['cwd', 'root', 'exe'].map((name) => orNothing(() => readlinkSync(`/proc/${pid}/${name}`), ''));
    if (command.includes(directory) || places.some((path) => path.startsWith(directory))) {
      processes.push(`${pid} ${command.slice(0, 120)}`);
    }
    const space = netnsOf(pid);
    if (seen.netns.has(space)) netns.add(space);
    const mountSpace = orNothing(() => readlinkSync(`/proc/${pid}/ns/mnt`), '');
    if (looked.has(mountSpace)) continue;
    looked.add(mountSpace);
    for (const line of orNothing(() => readFileSync(`/proc/${pid}/mountinfo`, 'utf8'), '').split('\n')) {
      const [, , , root = '', target = ''] = line.split(' ');
      if (root.startsWith(directory) || target.startsWith(directory)) mounts.add(`${mountSpace} ${target}`);
      for (const space of seen.netns) if (root === space) netns.add(`${space} at ${target}`);
    }
  }
  const there = new Set(links().map((link) => link.ifname));
  return {
    files: existsSync(directory) ? [directory] : [],
    processes,
    mounts: [...mounts],
    loops: readdirSync('/sys/block').flatMap((name) => {
      const file = orNothing(() => readFileSync(`/sys/block/${name}/loop/backing_file`, 'utf8').trim(), '');
      return file.includes(directory) ? [file] : [];
    }),
    cgroups: groups(instance),
    tables: execFileSync('nft', ['list', 'tables'])
      .toString()
      .split('\n')
      .filter((line) => line.endsWith(` berth_${instance}`)),
    links: [...seen.links].filter((name) => there.has(name)),
    netns: [...netns],
  };
}

export const none: Objects = {
  files: [],
  processes: [],
  mounts: [],
  loops: [],
  cgroups: [],
  tables: [],
  links: [],
  netns: [],
};
