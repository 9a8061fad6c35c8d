/**
 * A whole Debian with systemd as process 1 beside this machine, on its kernel: what a guest of tests/vm takes an hour for, but for
 * the kernel, in minutes. It has groups of its own in every hierarchy, sees this machine's network, and owns nothing else here.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repoDir } from '#server/setup/context.ts';
import { mirrorIn } from '#server/setup/engine-packages.ts';
import { type RunResult, run, tryRun } from '#server/setup/run.ts';
import { killGroups, removeGroups } from './sweep.ts';
import { sources } from './vm/image.ts';

export const releases = { 'debian-12': 'bookworm', 'debian-13': 'trixie' } as const;
export type Release = keyof typeof releases;

const cgroups = '/sys/fs/cgroup';
const packages = ['systemd', 'systemd-sysv', 'dbus', 'ca-certificates', 'iproute2', 'procps', 'kmod'];
/** The kernel's block devices are not in a machine's /dev, and its controllers are there to be looked at only. */
const prepareUnit = `[Unit]
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'mount --make-rshared /; mknod /dev/loop-control c 10 237; mknod /dev/fuse c 10 229; for i in $(seq 0 255); do mknod /dev/loop$i b 7 $i; done; for c in /sys/fs/cgroup/*; do mountpoint -q $c && mount -o remount,rw,bind $c; done; true'
[Install]
WantedBy=sysinit.target
`;

/** Every hierarchy's root: one with the unified hierarchy alone, several with version 1 beside it. */
function hierarchies(): string[] {
  if (existsSync(join(cgroups, 'cgroup.procs'))) return [cgroups];
  return readdirSync(cgroups)
    .map((name) => join(cgroups, name))
    .filter((path) => existsSync(join(path, 'cgroup.procs')));
}

export class Machine {
  readonly release: Release;
  readonly directory: string;
  /** Also the end of its groups' name, `berth-<group>`. */
  readonly #group: string;
  #process: ChildProcess | undefined;
  #output = '';

  private constructor(release: Release, directory: string) {
    this.release = release;
    this.directory = directory;
    this.#group = `machine-${directory.slice(-6)}`;
  }

  /** A fresh machine of that release, booted. The checkout is its /berth. */
  static async start(release: Release): Promise<Machine> {
    const machine = new Machine(release, mkdtempSync('/var/tmp/berth-machine-'));
    try {
      const root = join(machine.directory, 'root');
      const mirror = mirrorIn(await sources());
      const recipe = ['--variant=minbase', `--include=${packages.join(',')}`, '--aptopt=Acquire::Retries "3"'];
      await run('mmdebstrap', [...recipe, releases[release], root, mirror], { timeoutMs: 900_000 });
      writeFileSync(join(root, 'etc/systemd/system/prepare.service'), prepareUnit);
      writeFileSync(join(root, 'etc/resolv.conf'), readFileSync('/etc/resolv.conf'));
      await run('systemctl', [`--root=${root}`, 'enable', '--quiet', 'prepare.service']);
      mkdirSync(join(root, 'berth'));
      await machine.boot();
      return machine;
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  async boot(): Promise<void> {
    for (const hierarchy of hierarchies()) {
      const group = join(hierarchy, `berth-${this.#group}`);
      mkdirSync(group, { recursive: true });
      for (const file of ['cpuset.cpus', 'cpuset.mems'])
        if (hierarchy !== cgroups && existsSync(join(group, file)))
          writeFileSync(join(group, file), readFileSync(join(hierarchy, file)));
    }
    const calls =
      '@mount @module @raw-io @swap @debug bpf keyctl add_key request_key perf_event_open open_by_handle_at quotactl';
    const nspawn = [
      ...['systemd-nspawn', '--quiet', '--boot', '--register=no', '--keep-unit', '--capability=all'],
      ...[`--directory=${join(this.directory, 'root')}`, `--machine=berth-${this.#group}`, `--bind=${repoDir}:/berth`],
      ...[`--system-call-filter=${calls}`, '--resolv-conf=off', '--setenv=SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'],
    ];
    const script = 'for g in $MACHINE_GROUPS; do echo $$ >"$g/cgroup.procs"; done; exec "$@"';
    const groups = hierarchies().map((hierarchy) => join(hierarchy, `berth-${this.#group}`));
    this.#output = '';
    const child = spawn('/bin/sh', ['-c', script, 'sh', ...nspawn], {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, MACHINE_GROUPS: groups.join(' '), SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'yes' },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-4000);
      });
    for (const end = Date.now() + 180_000; Date.now() < end; await sleep(500)) {
      const state = this.#init() === undefined ? '' : (await this.try('systemctl is-system-running')).stdout.trim();
      if (state === 'running' || state === 'degraded') return;
    }
    throw new Error(`the machine does not boot:\n${this.#output}`);
  }

  /** Process 1 of the machine, as this machine numbers it. */
  #init(): number | undefined {
    const pid = this.#process?.pid;
    if (pid === undefined || this.#process?.exitCode !== null) return undefined;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return children.map(Number).find((child) => child > 0);
  }

  /** Runs a shell's command as the machine's root. */
  async try(command: string, timeoutMs = 120_000): Promise<RunResult> {
    const init = this.#init();
    if (init === undefined) throw new Error(`the machine does not run:\n${this.#output}`);
    const clean = ['env', '-i', 'HOME=/root', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
    return tryRun('nsenter', ['-t', String(init), '-a', ...clean, 'sh', '-c', command], { timeoutMs });
  }

  async sh(command: string, timeoutMs?: number): Promise<string> {
    const { code, stdout, stderr } = await this.try(command, timeoutMs);
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
    return stdout;
  }

  /** Shut down in order, then booted again. */
  async reboot(): Promise<void> {
    await this.#shutDown();
    await this.boot();
  }

  async #shutDown(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const init = this.#init();
    // Init's own signal for a shutdown: SIGRTMIN+4, as systemd(1) has it.
    if (init === undefined) child.kill('SIGKILL');
    else await run('kill', ['-s', 'RTMIN+4', String(init)]);
    await Promise.race([ended, sleep(60_000)]);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
    await killGroups(this.#group);
    removeGroups(this.#group);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shutDown();
    for (const hierarchy of hierarchies()) {
      const group = join(hierarchy, `berth-${this.#group}`);
      if (existsSync(group)) rmdirSync(group);
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}
