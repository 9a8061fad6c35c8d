/**
 * Directories of locations, reached through a process of their own each (helper/main.ts). Such a directory may lie on a file system that stops to answer: what
 * asks there then stands still in the kernel, and cannot be killed. So the agent never asks itself; it waits for a while, says since when there has
 * been no answer, and has one process at most in each directory, which it neither waits for nor replaces for as long as that hangs.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BerthError } from '#lib/contract/errors.ts';
import { faultEnvironment } from '../sys/fault.ts';
import { type Started, signal as sendSignal, start } from '../sys/process.ts';
import { type Calls, type Surroundings, type Told, untold } from './helper/calls.ts';
import { hangs, writeNote } from './helper/note.ts';

/** In a release a file of its own beside the agent. */
const program = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './helper/main.ts' : './backup-helper.mjs', import.meta.url),
);

/** A network disk whose server fails over is silent for up to a minute; nothing short that is done there takes as long. */
export const usualSilenceMs = 60_000;
const startTimeoutMs = 30_000;
/** So long a helper waits for more to do before it ends: each takes some 45 MB. */
const idleMs = 15_000;
const longestPulseMs = 10_000;
/** So long a helper of an agent that was ended may take to end with it. */
const orphanGraceMs = 2000;

type Answer<K extends keyof Calls> = Awaited<ReturnType<Calls[K]>>;
type Waiting = { resolve(value: unknown): void; reject(error: unknown): void; timer: NodeJS.Timeout | undefined };

/** One directory. Safe to be used by many at once; what is asked is begun in the order it was asked in. */
export class Directory {
  readonly path: string;
  readonly #surroundings: Surroundings;
  readonly #silenceMs: number;
  #helper: Promise<Started> | undefined;
  #process: Started | undefined;
  /** Killed, and not ended: it hangs in the kernel. */
  #hung: Started | undefined;
  /** The same, of an agent before this one. */
  #orphaned = false;
  /** A file that tells the next agent of the helper. */
  readonly #note: string;
  #since: Date | undefined;
  #refusedAt = 0;
  #asked = 0;
  readonly #waiting = new Map<number, Waiting>();
  /** Who is at work there with a program of their own. */
  readonly #users = new Set<AbortController>();
  #pulse: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(path: string, surroundings: Surroundings, silenceMs: number) {
    this.path = path;
    this.#surroundings = surroundings;
    this.#silenceMs = silenceMs;
    this.#note = join(
      surroundings.agentDir,
      'backup-helpers',
      createHash('sha256').update(path).digest('hex').slice(0, 32),
    );
  }

  /** Something short. Throws `action_failed` when the directory does not answer in time, and at once for as long as it is known not to. */
  ask<K extends keyof Calls>(name: K, ...args: Parameters<Calls[K]>): Promise<Answer<K>> {
    return this.#send(name, args, true);
  }

  /** Something that takes as long as it takes; the directory's pulse is felt meanwhile. */
  askLong<K extends keyof Calls>(name: K, ...args: Parameters<Calls[K]>): Promise<Answer<K>> {
    return this.during(undefined, () => this.#send(name, args, false));
  }

  /**
   * Runs a program's work there. Its signal aborts when the caller's does, or when the directory stops to answer: that is then what is thrown, once
   * the work has ended.
   */
  async during<T>(signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#refuseSilent();
    const silent = new AbortController();
    this.#users.add(silent);
    this.#feel();
    try {
      return await work(signal === undefined ? silent.signal : AbortSignal.any([signal, silent.signal]));
    } catch (error) {
      if (silent.signal.aborted && signal?.aborted !== true) throw silent.signal.reason;
      throw error;
    } finally {
      this.#users.delete(silent);
      this.#rest();
    }
  }

  /** The same for work that cannot be broken off: it is left to itself when the directory stops to answer. */
  watching<T>(work: () => Promise<T>): Promise<T> {
    return this.during(undefined, (silent) => {
      const { promise, reject } = Promise.withResolvers<never>();
      silent.addEventListener('abort', () => reject(silent.reason), { once: true });
      const working = work();
      working.catch(() => {});
      return Promise.race([working, promise]);
    });
  }

  async #send<K extends keyof Calls>(name: K, args: unknown[], short: boolean): Promise<Answer<K>> {
    this.#refuseSilent();
    clearTimeout(this.#idle);
    this.#helper ??= this.#begin();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    promise.catch(() => {}); // nobody waits for it if the helper does not start
    this.#asked += 1;
    const id = this.#asked;
    const waiting: Waiting = { resolve, reject, timer: undefined };
    this.#waiting.set(id, waiting);
    try {
      const helper = await this.#helper;
      helper.stdin?.write(`${JSON.stringify({ id, name, args })}\n`);
      // From here on it is the directory's silence, and not that of a busy machine which starts a process.
      const askedAt = new Date();
      if (short) waiting.timer = setTimeout(() => this.#fallSilent(askedAt), this.#silenceMs);
      return (await promise) as Answer<K>;
    } finally {
      clearTimeout(waiting.timer);
      this.#waiting.delete(id);
      this.#rest();
    }
  }

  async #begin(): Promise<Started> {
    try {
      await this.#awaitOrphan();
      return await this.#start();
    } catch (error) {
      this.#helper = undefined;
      throw error;
    }
  }

  /** A helper of an agent that is gone dies with it, or hangs: then there is no second one. */
  async #awaitOrphan(): Promise<void> {
    for (const until = performance.now() + orphanGraceMs; hangs(this.#note) && performance.now() < until; )
      await sleep(50);
    this.#orphaned = hangs(this.#note);
    if (!this.#orphaned) return;
    this.#since ??= new Date();
    throw this.#notAnswering(this.#since);
  }

  async #start(): Promise<Started> {
    // Should the agent be killed, nothing goes on at the location that its successor knows nothing of.
    const argv = ['setpriv', '--pdeathsig', 'KILL', '--', process.execPath, program];
    const helper = start('BACKUP:HELPER', argv, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...faultEnvironment, BERTH_FAULT_PARENT: '1' } as NodeJS.ProcessEnv,
      cwd: '/',
    });
    this.#process = helper;
    writeNote(this.#note, helper.pid);
    const { stdin, stdout, stderr } = helper;
    if (stdin === null || stdout === null || stderr === null) throw new Error('a helper has no pipes');
    let said = '';
    stdin.on('error', () => {}); // its end tells
    stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000);
    });
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`a helper for backups does not start: ${said}`)), startTimeoutMs);
    createInterface({ input: stdout }).on('line', (line) => (line === 'ready' ? resolve() : this.#hear(line)));
    helper.once('error', reject);
    helper.once('exit', (code, signal) => {
      const error = new Error(`a helper for backups ended with ${code ?? signal}: ${said}`);
      reject(error);
      this.#ended(helper, error);
    });
    stdin.write(`${JSON.stringify(this.#surroundings)}\n`);
    try {
      await ready;
      return helper;
    } catch (error) {
      if (helper.exitCode === null && helper.signalCode === null) this.#kill(helper);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #hear(line: string): void {
    const { id, value, error } = JSON.parse(line) as { id: number; value?: unknown; error?: Told };
    this.#since = undefined;
    const waiting = this.#waiting.get(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(untold(error));
  }

  #ended(helper: Started, error: Error): void {
    if (this.#hung === helper) {
      // It has come back: what it was about is long given up, and whoever asks next finds out how things stand.
      this.#hung = undefined;
      this.#rest();
      return;
    }
    if (this.#process !== helper) return; // it had nothing to do any more
    this.#helper = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
  }

  /** Refuses without another try while a process hangs there, and for a while after one got no answer. */
  #refuseSilent(): void {
    if (this.#since === undefined) return;
    this.#orphaned &&= hangs(this.#note);
    if (this.#orphaned) throw this.#notAnswering(this.#since);
    if (this.#hung !== undefined || Date.now() - this.#refusedAt < this.#silenceMs)
      throw this.#notAnswering(this.#since);
  }

  #fallSilent(askedAt: Date): void {
    this.#since ??= askedAt;
    this.#refusedAt = Date.now();
    const error = this.#notAnswering(this.#since);
    const helper = this.#helper;
    this.#helper = undefined;
    void helper?.then((process) => {
      this.#hung = process;
      this.#kill(process);
    });
    for (const { reject } of this.#waiting.values()) reject(error);
    for (const user of this.#users) user.abort(error);
  }

  /** What it was about to do it must not do later on; beyond the call that it hangs in, it does nothing more. Nobody waits for it. */
  #kill(helper: Started): void {
    if (helper.pid !== undefined) sendSignal('BACKUP:END-HELPER', helper.pid, 'SIGKILL');
    for (const stream of [helper.stdin, helper.stdout, helper.stderr]) stream?.destroy();
    helper.unref();
  }

  #notAnswering(since: Date): BerthError {
    const text = since.toISOString().slice(0, 19).replace('T', ' ');
    return new BerthError('action_failed', `The backup location has not answered since ${text} UTC.`, {
      inside: `the directory ${this.path} does not answer since ${text}`,
    });
  }

  #feel(): void {
    const everyMs = Math.min(longestPulseMs, this.#silenceMs / 3);
    let feeling = false;
    this.#pulse ??= setInterval(() => {
      if (feeling) return;
      feeling = true;
      this.ask('pulse', this.path)
        .catch(() => {}) // an error is an answer too; of silence all users hear by their signals
        .finally(() => {
          feeling = false;
        });
    }, everyMs);
  }

  /** Ends the helper now, unless it has something to do. */
  endIdle(): void {
    clearTimeout(this.#idle);
    if (this.#users.size > 0 || this.#waiting.size > 0) return;
    const helper = this.#helper;
    this.#helper = undefined;
    void helper?.then(({ stdin }) => stdin?.end()).catch(() => {});
  }

  /** Nothing to do: after a while the helper is not needed any more. */
  #rest(): void {
    if (this.#users.size === 0) {
      clearInterval(this.#pulse);
      this.#pulse = undefined;
    }
    clearTimeout(this.#idle);
    if (this.#users.size > 0 || this.#waiting.size > 0) return;
    const helper = this.#helper;
    this.#idle = setTimeout(() => this.endIdle(), idleMs);
    this.#idle.unref();
    void helper?.then((process) => letGo(process)).catch(() => {});
  }
}

/** A process that nobody waits for does not keep this one from ending. */
function letGo(helper: Started): void {
  helper.unref();
  for (const stream of [helper.stdin, helper.stdout, helper.stderr])
    (stream as { unref?: () => void } | null)?.unref?.();
}

export type Directories = (path: string) => Directory;

/** One {@link Directory} per path, for the life of the process. `silenceMs`: how long one may take to answer. */
export function createDirectories(surroundings: Surroundings, silenceMs = usualSilenceMs): Directories {
  const known = new Map<string, Directory>();
  return (path) => {
    const directory = known.get(path) ?? new Directory(path, surroundings, silenceMs);
    known.set(path, directory);
    return directory;
  };
}
