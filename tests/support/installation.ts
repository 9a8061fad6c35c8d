import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { interfaceNameOf } from '#agent/network/addresses.ts';
import { repoDir } from '#server/setup/context.ts';
import { describeObjects, hostObjects } from '#server/setup/leftovers.ts';
import { tryRun } from '#server/setup/run.ts';
import { freePort } from './postgres.ts';

/** A real installation, brought up by `./berth up` in a state directory of its own, beside whatever else runs on this machine. */
export type Installation = {
  stateDir: string;
  name: string;
  instance: string;
  baseUrl: string;
  admin: { email: string; password: string };
  tenant: { email: string; password: string };
};

const home = '/var/tmp';
const prefix = 'berth-e2e-';
const instance = 'e2';
const name = 'berth-e2e';

const launcher = join(repoDir, 'berth');
const environment = (stateDir: string) => ({
  ...process.env,
  BERTH_STATE: stateDir,
  // Named: the packages it has fetched are left to the next run.
  BERTH_CACHE: process.env.BERTH_CACHE ?? '/var/cache/berth',
  BERTH_POOL_SIZE: process.env.BERTH_POOL_SIZE ?? '12G',
});
const running = new Set<ChildProcess>();

/** `./berth` with this installation's state. The launcher itself is part of what is tested. */
function berth(stateDir: string, args: readonly string[]): ChildProcess {
  const child = spawn(launcher, args, {
    cwd: '/',
    // A group of its own: an interrupted terminal must not end it in the middle of its work; we do that in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(stateDir),
  });
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}

type Ended = { code: number | null; stdout: string; all: string };

function finish(child: ChildProcess, say: (line: string) => void): Promise<Ended> {
  return new Promise((resolve) => {
    let [stdout, all] = ['', ''];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => {
        all += text;
        if (stream === child.stdout) stdout += text;
        for (const line of text.split('\n')) if (line.trim() !== '') say(line);
      });
    }
    child.on('error', (error) => resolve({ code: null, stdout, all: error.message }));
    child.on('close', (code) => resolve({ code, stdout, all }));
  });
}

function succeeded(args: string, { code, stdout, all }: Ended): string {
  if (code !== 0) throw new Error(`./berth ${args} ended with ${code}:\n${all.slice(-3000)}`);
  return stdout;
}

/** Runs `./berth <args>` to its end and gives what it printed. Rejects unless it ends with 0. */
export async function runBerth(stateDir: string, args: readonly string[], say: (line: string) => void = () => {}) {
  return succeeded(args.join(' '), await finish(berth(stateDir, args), say));
}

/** The address and the accounts as `up` prints them for a person. */
export function readPrinted(output: string): Pick<Installation, 'baseUrl' | 'admin' | 'tenant'> {
  const account = (who: string) => {
    const [, email, password] = new RegExp(`^\\s+${who}\\s+(\\S+)\\s+(\\S+)$`, 'm').exec(output) ?? [];
    return z.object({ email: z.string(), password: z.string() }).parse({ email, password });
  };
  const baseUrl = z.url().parse(/^Berth is up after [^:]+: (\S+)$/m.exec(output)?.[1]);
  return { baseUrl, admin: account('administrator'), tenant: account('tenant') };
}

/** What `up` runs in, from before its start: enough to take everything away again. */
export type Attempt = { stateDir: string; up: Promise<Installation>; interrupt(): Promise<void> };

/** Begins `./berth up` on free ports. `attempt.up` rejects when it fails; {@link takeDown} works at any moment after this. */
export async function bringUp(say: (line: string) => void): Promise<Attempt> {
  const base = join(home, `${prefix}${process.pid}`);
  const stateDir = join(base, 'state');
  // The portal's users and PostgreSQL pass through here.
  mkdirSync(base, { mode: 0o711 });
  writeFileSync(join(base, 'owner'), `${process.pid} ${startTime(process.pid)}\n`);
  const ports = { port: await freePort(), agent: await freePort(), postgres: await freePort() };
  const child = berth(stateDir, [
    'up',
    ...['--name', name, '--instance', instance, '--port', String(ports.port)],
    ...['--agent-port', String(ports.agent), '--postgres-port', String(ports.postgres)],
    ...['--subnet', '10.99.0.0/20', '--id-base', '2013265920', '--forward-ports', '31000-31999'],
  ]);
  const ended = finish(child, say);
  return {
    stateDir,
    up: ended.then((end) => ({ stateDir, name, instance, ...readPrinted(succeeded('up', end)) })),
    async interrupt() {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) process.kill(-child.pid);
      await ended;
    },
  };
}

/** Removes an installation and checks that nothing of it is left; throws a list of what is. Safe to repeat. */
export async function takeDown(stateDir: string, say: (line: string) => void): Promise<void> {
  const veths = vethNames(stateDir);
  // Named: a test may have made other than demo containers, which purge rightly does not destroy unasked.
  if (existsSync(join(stateDir, 'config.json'))) await runBerth(stateDir, ['down', '--purge', '--name', name], say);
  rmSync(stateDir, { recursive: true, force: true });
  const left = await leftovers(stateDir, veths);
  if (left.length > 0) throw new Error(`left after "down --purge":\n${left.join('\n')}`);
  rmSync(dirname(stateDir), { recursive: true, force: true });
}

/** {@link takeDown} for a process that is about to end and cannot wait: kills what works on the installation and purges it. */
export function takeDownNow(stateDir: string): void {
  for (const child of running) if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  const options = { cwd: '/', stdio: 'inherit', env: environment(stateDir) } as const;
  if (existsSync(join(stateDir, 'config.json'))) {
    const { status } = spawnSync(launcher, ['down', '--purge', '--name', name], options);
    // What stays behind is found and removed by the next run.
    if (status !== 0) return;
  }
  rmSync(dirname(stateDir), { recursive: true, force: true });
}

/** Takes away what a run left behind that was killed before it could clean up. A run that still lives is left alone: rejects. */
export async function sweepDeadRuns(say: (line: string) => void): Promise<void> {
  for (const entry of readdirSync(home).filter((each) => new RegExp(`^${prefix}\\d+$`).test(each))) {
    const owner = join(home, entry, 'owner');
    const [pid, started] = existsSync(owner) ? readFileSync(owner, 'utf8').trim().split(' ') : [];
    if (pid !== undefined && startTime(Number(pid)) === started) {
      throw new Error(`Another run of these tests (process ${pid}) is under way in ${join(home, entry)}.`);
    }
    say(`removing what an interrupted run left in ${join(home, entry)}`);
    await takeDown(join(home, entry, 'state'), say);
  }
}

/** Everything of this installation that is still on the machine, found without the help of what purge itself looks at, and with it. */
export async function leftovers(stateDir: string, veths: readonly string[]): Promise<string[]> {
  const [nft, links, spaces, loops] = await Promise.all([
    tryRun('nft', ['list', 'tables']),
    tryRun('ip', ['-o', 'link']),
    tryRun('ip', ['netns', 'list']),
    tryRun('losetup', ['--list', '--noheadings', '--output', 'NAME,BACK-FILE']),
  ]);
  const lines = (text: string, wanted: (line: string) => boolean) => text.split('\n').filter(wanted);
  const ours = new Set([`berth-${instance}`, ...veths]);
  const below = (line: string) => line.includes(`${stateDir}/`);
  const groups = readdirSync('/sys/fs/cgroup', { recursive: true, encoding: 'utf8' });
  return [
    ...describeObjects(await hostObjects(stateDir, instance)),
    ...lines(readFileSync('/proc/self/mountinfo', 'utf8'), below),
    ...lines(loops.stdout, below),
    ...lines(nft.stdout, (line) => line.endsWith(`berth_${instance}`)),
    ...lines(spaces.stdout, (line) => new RegExp(`^berth-${instance}\\b`).test(line)),
    ...lines(links.stdout, (line) => ours.has(/^\d+: ([^:@]+)/.exec(line)?.[1] ?? '')),
    ...groups.filter((path) => path.split('/').includes(`berth-${instance}`)),
    ...processesBelow(stateDir),
    ...(existsSync(stateDir) ? [stateDir] : []),
  ];
}

/** Processes that name the state directory in their arguments or stand, or have a file open, in it. */
function processesBelow(stateDir: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(join('/proc', pid, 'cmdline'), 'utf8')
          .split('\0')
          .join(' ')
          .trim();
        const maps = readFileSync(join('/proc', pid, 'maps'), 'utf8');
        return `${command}\n${maps}`.includes(`${stateDir}/`) ? [`process ${pid}: ${command.slice(0, 200)}`] : [];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

/** Names of the network interfaces of all containers that the agent has a bundle for; its database is its own while it runs. */
function vethNames(stateDir: string): string[] {
  const bundles = join(stateDir, 'agent', 'bundles');
  return existsSync(bundles) ? readdirSync(bundles).map(interfaceNameOf) : [];
}

function startTime(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}

const Services = z.object({ services: z.array(z.object({ name: z.string(), pid: z.int().nullable() })) });

/** Process ids of an installation's services, as `./berth status` tells them. */
export async function servicePid(stateDir: string, service: string): Promise<number> {
  const { services } = Services.parse(JSON.parse(await runBerth(stateDir, ['status', '--json'])));
  return z.int().parse(services.find((each) => each.name === service)?.pid);
}
