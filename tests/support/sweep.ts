/** Removes all that a test agent has made, whatever state it was left in: at its end, or after a test that was interrupted. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { AgentConfig } from '#agent/config.ts';
import { createNetwork } from '#agent/network/apply.ts';
import { mountsBelow } from '#agent/sys/mountinfo.ts';

/** What cleans up after a test agent if we do not get to it ourselves. */
export function guard(directory: string): () => void {
  return whenWeDie([process.execPath, new URL('./sweeper.ts', import.meta.url).pathname, directory]);
}

/** Ends a server and removes its directory, which its command line names, if we do not get to it ourselves. */
export function guardServer(pid: number, directory: string): () => void {
  const script = 'grep -qaF -- "$2" "/proc/$1/cmdline" && kill -KILL "$1"; rm -rf -- "$2"';
  return whenWeDie(['/bin/sh', '-c', script, 'sh', String(pid), directory]);
}

/**
 * Has a command run after our end, unless what this gives is called before: by a shell that reads from us, and so learns of our end however
 * it comes about. It is in a session of its own, out of reach of an interrupted terminal.
 */
function whenWeDie(argv: readonly string[]): () => void {
  const script = 'read -r _ && exit; exec "$@"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...argv], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  (child.stdin as unknown as Socket).unref();
  child.stdin.on('error', () => undefined); // it may be gone, as whoever ended it wanted
  return () => void (child.stdin.writableEnded || child.stdin.end('done\n'));
}

/** Everything of one test agent, which does not run any more. */
export async function removeAll(directory: string, config: AgentConfig): Promise<void> {
  // Where the agent had a mount namespace of its own, lxcfs keeps that, and with it copies of what is unmounted here.
  for (const pidFile of ['agent.pid', 'agent/run/lxcfs.pid']) killIfOf(directory, join(directory, pidFile));
  if (process.getuid?.() === 0 && existsSync(join(directory, 'pool.img'))) {
    await killGroups(config.instance);
    await createNetwork(config).tearDown();
    await unmountBelow(directory);
    removeGroups(config.instance);
  }
  await endPrograms(directory);
  rmSync(directory, { recursive: true, force: true });
}

/** Kills the process of that number if it is one of this directory's still. */
function killIfOf(directory: string, pidFile: string): void {
  const pid = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').trim() : '';
  if (pid !== '' && commandOf(pid).includes(directory)) process.kill(Number(pid), 'SIGKILL');
}

const commandOf = (pid: string): string => ifThere(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '';

/** A backup program of a killed agent lives on for a moment, and would write into what is being removed. */
async function endPrograms(directory: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const alive = readdirSync('/proc').some(
      (pid) => /^\d+$/.test(pid) && commandOf(pid).includes(`${directory}/backups`),
    );
    if (!alive) return;
  }
}

/** Makes an abandoned directory ours, so that it is swept once; false when its owner lives or another was quicker. */
function claim(owner: string): boolean {
  try {
    const pid = readFileSync(owner, 'utf8');
    if (existsSync(`/proc/${pid}`)) return false;
    renameSync(owner, `${owner}.${pid}`);
    writeFileSync(owner, String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Removes what tests that were interrupted have left: directories whose owning process is gone. Returns them. */
export async function sweepAbandoned(): Promise<string[]> {
  const swept: string[] = [];
  for (const name of readdirSync('/tmp').filter((entry) => entry.startsWith('berth-agent-'))) {
    const directory = join('/tmp', name);
    const [owner, config] = [join(directory, 'owner'), join(directory, 'agent/config.json')];
    if (!claim(owner)) continue;
    if (existsSync(config)) await removeAll(directory, JSON.parse(readFileSync(config, 'utf8')) as AgentConfig);
    else rmSync(directory, { recursive: true, force: true });
    swept.push(directory);
  }
  return swept;
}

const cgroupBase = '/sys/fs/cgroup';

/** Every control group of an instance in every hierarchy, deepest first. */
export function groupsOf(instance: string): string[] {
  const found: string[] = [];
  const walk = (path: string) => {
    for (const entry of ifThere(() => readdirSync(path, { withFileTypes: true })) ?? [])
      if (entry.isDirectory()) walk(join(path, entry.name));
    found.push(path);
  };
  for (const hierarchy of [cgroupBase, ...readdirSync(cgroupBase).map((name) => join(cgroupBase, name))]) {
    const group = join(hierarchy, `berth-${instance}`);
    if (existsSync(group)) walk(group);
  }
  return found;
}

/** What `look` finds; undefined when what it looks at has gone, as groups and processes do at any moment. */
function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ENODEV', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

export async function killGroups(instance: string): Promise<void> {
  for (let pass = 0; pass < 600; pass += 1) {
    const pids = new Set(
      groupsOf(instance).flatMap((group) =>
        (ifThere(() => readFileSync(join(group, 'cgroup.procs'), 'utf8')) ?? '').split('\n'),
      ),
    );
    pids.delete('');
    if (pids.size === 0) return;
    for (const pid of pids) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // gone already
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`processes of ${instance} do not end`);
}

export function removeGroups(instance: string): void {
  for (const group of groupsOf(instance)) ifThere(() => rmdirSync(group));
}

export async function unmountBelow(directory: string): Promise<void> {
  for (let pass = 0; pass < 600; pass += 1) {
    const targets = mountsBelow(directory).map(({ target }) => target);
    if (targets.length === 0) return;
    for (const target of targets.reverse()) {
      try {
        execFileSync('umount', ['--', target], { stdio: 'ignore' });
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50)); // its last user may still be ending
      }
    }
  }
  throw new Error(`still mounted: ${JSON.stringify(mountsBelow(directory))}`);
}
