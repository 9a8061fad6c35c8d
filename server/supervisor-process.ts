import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceDefinition } from './supervisor-services.ts';

export type ServiceStatus = {
  name: string;
  state: 'stopped' | 'running' | 'waiting';
  pid: number | null;
  /** Since when the state holds. */
  since: string;
  /** Unwanted ends since it was last started on request. */
  restarts: number;
  lastExit: string | null;
};

const firstDelayMs = 200;
const longestDelayMs = 30_000;
/** Having run this long, a service counts as well again. */
const settledMs = 60_000;
const logLimitBytes = 20 * 1024 * 1024;

/** How long to wait before the next start after `failures` ends in a row. */
export function backOffMs(failures: number): number {
  return Math.min(firstDelayMs * 2 ** Math.max(failures - 1, 0), longestDelayMs);
}

/** When a process started, in clock ticks since boot: with it a process id cannot be mistaken for a later one's. */
export function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** One supervised process: kept running while wanted, its output in its own log. */
export class SupervisedProcess {
  readonly definition: ServiceDefinition;
  readonly #pidFile: string;
  readonly #logFile: string;
  #child: ChildProcess | undefined;
  #wanted = false;
  #failures = 0;
  #restarts = 0;
  #since = new Date();
  #lastExit: string | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(definition: ServiceDefinition, directories: { run: string; log: string }) {
    this.definition = definition;
    this.#pidFile = join(directories.run, `${definition.name}.pid`);
    this.#logFile = join(directories.log, `${definition.name}.log`);
  }

  status(): ServiceStatus {
    const state = this.#child !== undefined ? 'running' : this.#wanted ? 'waiting' : 'stopped';
    return {
      name: this.definition.name,
      state,
      pid: this.#child?.pid ?? null,
      since: this.#since.toISOString(),
      restarts: this.#restarts,
      lastExit: this.#lastExit,
    };
  }

  /** Wants it running. Idempotent. A process that an earlier supervisor left behind is ended first. */
  async start(): Promise<void> {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#failures = 0;
    this.#restarts = 0;
    await this.#endLeftOver();
    if (this.#wanted && this.#child === undefined) this.#spawn();
  }

  /** Wants it stopped, and waits until it is. Idempotent. */
  async stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child?.pid !== undefined) await this.#end(child.pid, () => this.#child !== child);
  }

  async #end(pid: number, ended: () => boolean): Promise<void> {
    const { stopSignal, killSignal, stopTimeoutMs } = this.definition;
    signal(pid, stopSignal);
    const deadline = Date.now() + stopTimeoutMs;
    let killed = false;
    while (!ended()) {
      if (!killed && Date.now() > deadline) {
        signal(pid, killSignal);
        killed = true;
      }
      await sleep(25);
    }
  }

  async #endLeftOver(): Promise<void> {
    let recorded: string[];
    try {
      recorded = readFileSync(this.#pidFile, 'utf8').trim().split(' ');
    } catch {
      return;
    }
    const [pid, ticks] = [Number(recorded[0]), recorded[1]];
    if (ticks !== undefined && startTicks(pid) === ticks) await this.#end(pid, () => startTicks(pid) !== ticks);
    rmSync(this.#pidFile, { force: true });
  }

  #spawn(): void {
    rotate(this.#logFile);
    const log = openSync(this.#logFile, 'a', 0o600);
    const [program, ...args] = this.definition.argv;
    // A group of its own: a Ctrl-C in the terminal of "up" is not for it.
    const child = spawn(program, args, {
      cwd: this.definition.cwd,
      env: this.definition.env,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    this.#since = new Date();
    if (child.pid !== undefined) {
      writeFileSync(this.#pidFile, `${child.pid} ${startTicks(child.pid) ?? ''}\n`, { mode: 0o600 });
    }
    child.on('error', (error) => this.#ended(child, error.message));
    child.on('exit', (code, signalName) => this.#ended(child, code === null ? String(signalName) : `status ${code}`));
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    const ranMs = Date.now() - this.#since.getTime();
    this.#child = undefined;
    this.#since = new Date();
    this.#lastExit = `${how} at ${this.#since.toISOString()}`;
    rmSync(this.#pidFile, { force: true });
    if (!this.#wanted) return;
    this.#failures = ranMs > settledMs ? 1 : this.#failures + 1;
    this.#restarts += 1;
    this.#timer = setTimeout(() => this.#spawn(), backOffMs(this.#failures));
  }
}

/** To this process only, never to a group: containers and their monitors are nobody's to take along. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone, which is what was wanted.
  }
}

function rotate(file: string): void {
  try {
    if (statSync(file).size > logLimitBytes) renameSync(file, `${file}.1`);
  } catch {
    // There is no log yet.
  }
}
