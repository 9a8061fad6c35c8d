import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Monitor, MonitorPlan } from '../parts.ts';
import { makeDirectory, remove } from '../sys/files.ts';
import { signalExactly } from '../sys/pidfd.ts';
import { start } from '../sys/process.ts';
import { conmonArgs, monitorPaths, parseSyncWord, plainLog } from './plan.ts';
import { watchDirectory } from './watch.ts';

/** conmon reports within this or has failed; the runtime's create takes 50 ms on an idle host. */
const createTimeoutMs = 30_000;

/** The monitor on conmon (Debian's package, as podman uses it). `agentDir` holds its files; see {@link monitorPaths}. */
export function createMonitor(agentDir: string, conmon = '/usr/bin/conmon'): Monitor {
  const exitDir = join(agentDir, 'run/exits');
  /** For conmon's terminal sockets, which it leaves behind when it is killed at the wrong moment: here they can be found. */
  const temporary = join(agentDir, 'run');
  const listeners = new Set<(containerId: string) => void>();
  /** Exit words already told, by their time of writing. */
  const told = new Map<string, number>();
  makeDirectory('MONITOR:DIRECTORY', exitDir);
  makeDirectory('MONITOR:DIRECTORY', join(agentDir, 'logs'));
  for (const [containerId, at] of exitWords(exitDir)) told.set(containerId, at);
  for (const name of namesIn(temporary).filter((one) => one.startsWith('conmon-term.'))) {
    remove('MONITOR:CLEAR', join(temporary, name));
  }

  const tell = () => {
    const words = exitWords(exitDir);
    for (const containerId of told.keys()) if (!words.has(containerId)) told.delete(containerId);
    for (const [containerId, at] of words) {
      if (told.get(containerId) === at) continue;
      told.set(containerId, at);
      for (const listener of listeners) listener(containerId);
    }
  };
  const watcher = watchDirectory(exitDir, tell);

  return {
    async create(plan: MonitorPlan) {
      const paths = monitorPaths(agentDir, plan.containerId);
      remove('MONITOR:CLEAR', join(exitDir, plan.containerId));
      remove('MONITOR:CLEAR', paths.log);
      remove('MONITOR:CLEAR', paths.containerDir);
      makeDirectory('MONITOR:DIRECTORY', paths.containerDir);
      // Nothing but stdio and the report pipe is inherited; a pipe as stderr would live as long as the monitor.
      const child = start('MONITOR:START', [conmon, ...conmonArgs(plan, paths)], {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
        env: { _OCI_SYNCPIPE: '3', TMPDIR: temporary } as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv,
        cwd: plan.bundle,
      });
      const failed = new Promise<never>((_, reject) => child.once('error', reject));
      const word = parseSyncWord(await Promise.race([firstLine(child.stdio[3] as Readable, createTimeoutMs), failed]));
      if ('error' in word) throw new Error(`creating ${plan.containerId}: ${word.error}`);
      return { pid: word.pid, monitorPid: Number(readFileSync(paths.monitorPidFile, 'utf8')) };
    },
    exit(containerId) {
      const file = join(exitDir, containerId);
      try {
        const status = Number.parseInt(readFileSync(file, 'utf8'), 10);
        return Number.isNaN(status) ? null : { status, at: statSync(file).mtime };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    async end(containerId) {
      const pid = numberIn(monitorPaths(agentDir, containerId).monitorPidFile);
      if (pid === null || !isMonitor(pid, containerId)) return;
      const giveUp = performance.now() + 5000;
      // The runtime it has started asked the kernel to die with it (PR_SET_PDEATHSIG in conmon).
      signalExactly('MONITOR:END', pid, 9, () => isMonitor(pid, containerId));
      while (isMonitor(pid, containerId) && performance.now() < giveUp) await sleep(5);
    },
    log(containerId, bytes) {
      // Every line carries about 45 bytes of conmon's own; three times the wish is enough for lines of 23 bytes.
      const text = plainLog(tail(monitorPaths(agentDir, containerId).log, bytes * 3 + 4096));
      return Buffer.from(text).subarray(-bytes).toString();
    },
    clearExit(containerId) {
      remove('MONITOR:CLEAR', join(exitDir, containerId));
    },
    remove(containerId, what) {
      const paths = monitorPaths(agentDir, containerId);
      remove('MONITOR:CLEAR', join(exitDir, containerId));
      remove('MONITOR:CLEAR', paths.containerDir);
      if (what.log) remove('MONITOR:CLEAR', paths.log);
    },
    list() {
      const logs = readdirSync(join(agentDir, 'logs')).flatMap(
        (name) => /^([0-9a-f-]{36})\.log$/.exec(name)?.[1] ?? [],
      );
      return [...new Set([...logs, ...exitWords(exitDir).keys(), ...namesIn(join(agentDir, 'run/monitor'))])];
    },
    onExit(listener) {
      listeners.add(listener);
    },
    close() {
      watcher.close();
      listeners.clear();
    },
  };
}

function numberIn(file: string): number | null {
  try {
    const number = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isNaN(number) ? null : number;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A live process with conmon's arguments for this container; a zombie has none. */
function isMonitor(pid: number, containerId: string): boolean {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return args[0]?.endsWith('conmon') === true && args[args.indexOf('--cid') + 1] === containerId;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') return false;
    throw error;
  }
}

/** containerId → when its exit was written. conmon writes a temporary file beside it first; its name is longer than an id. */
function exitWords(exitDir: string): Map<string, number> {
  const words = new Map<string, number>();
  for (const name of namesIn(exitDir)) {
    if (!/^[0-9a-f-]{36}$/.test(name)) continue;
    const at = statSync(join(exitDir, name), { throwIfNoEntry: false })?.mtimeMs;
    if (at !== undefined) words.set(name, at);
  }
  return words;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function tail(file: string, bytes: number): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  try {
    const size = fstatSync(fd).size;
    const buffer = Buffer.alloc(Math.min(size, bytes));
    const read = readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return buffer.subarray(0, read).toString();
  } finally {
    closeSync(fd);
  }
}

/** The first line of a stream, or what there was when it ended. Lets go of the stream. */
function firstLine(stream: Readable, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const finish = (act: () => void) => {
      clearTimeout(timer);
      stream.removeAllListeners();
      stream.on('error', () => {}); // whatever the far end does now is no business of ours
      stream.destroy();
      act();
    };
    const timer = setTimeout(() => finish(() => reject(new Error('the monitor did not report in time'))), timeoutMs);
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) finish(() => resolve(text.slice(0, text.indexOf('\n'))));
    });
    stream.once('end', () => finish(() => resolve(text)));
    stream.once('error', (error) => finish(() => reject(error)));
  });
}
