import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execOutputLimitBytes } from '#lib/contract/exec.ts';
import type { Runtime } from '../adapters.ts';
import { type BoundedResult, runBounded } from '../sys/bounded.ts';
import { makeDirectory, remove } from '../sys/files.ts';
import { signal } from '../sys/process.ts';
import { containerPath } from './plan.ts';
import { markProcess } from './process.ts';
import type { Runc } from './runc.ts';

/** Arguments of `runc exec` up to the program: always root at /, never a user or directory of the tenant's choice. */
export function execArgs(pidFile: string, options: { terminal: boolean }): string[] {
  return [
    'exec',
    ...(options.terminal ? ['--tty'] : []),
    ...['--pid-file', pidFile, '--cwd', '/', '--user', '0:0'],
    ...['--env', `PATH=${containerPath}`, '--env', 'HOME=/root'],
    ...['--env', `TERM=${options.terminal ? 'xterm-256color' : 'dumb'}`],
  ];
}

/** The host's pid of a program started in a container, once the runtime has written it. */
export function readPidFile(pidFile: string): number | null {
  if (!existsSync(pidFile)) return null;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  return pid > 1 ? pid : null;
}

/**
 * Whether a process of that id lives outside of the container: the program has ended, and its id is somebody else's by now. A runtime
 * waits for whoever holds the output, so a tenant may make that take long.
 */
export function isElsewhere(pid: number, containerId: string): boolean {
  if (markProcess(pid) === null) return false;
  try {
    return !readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(`/${containerId}/`);
  } catch {
    return false; // ended at this moment
  }
}

/** Kills a program in a container with its process group: the runtime makes every program it starts the leader of one. */
export function killProgram(pidFile: string, containerId: string): void {
  const pid = readPidFile(pidFile);
  if (pid === null || isElsewhere(pid, containerId)) return;
  if (!signal('RUNTIME:EXEC-KILL', -pid, 'SIGKILL')) signal('RUNTIME:EXEC-KILL', pid, 'SIGKILL');
}

/** A program that could not be started is what a shell would call it: 127 not found, 126 not allowed. The runtime's own words stay here. */
export function notStarted(stderr: string, program: string): Pick<BoundedResult, 'exitCode' | 'stderr'> {
  if (/executable file not found|no such file or directory/i.test(stderr)) {
    return { exitCode: 127, stderr: `${program}: not found\n` };
  }
  if (/permission denied/i.test(stderr)) return { exitCode: 126, stderr: `${program}: permission denied\n` };
  return { exitCode: 126, stderr: `${program}: could not be started\n` };
}

/** How often {@link endHolders} looks. */
const lookMs = 150;

/**
 * The runtime copies output until nobody holds the pipe, so a child left in the background would keep it waiting for ever. When
 * the program itself has ended, what is left of its process group is killed; what has gone into a session of its own and let go of the
 * output, as daemons do, stays. Returns how to stop looking.
 */
function endHolders(pidFile: string): () => void {
  let looksAfterEnd = 0;
  const timer = setInterval(() => {
    const pid = readPidFile(pidFile);
    if (pid === null || markProcess(pid) !== null) return;
    looksAfterEnd += 1;
    if (looksAfterEnd > 1) signal('RUNTIME:EXEC-KILL', -pid, 'SIGKILL'); // a group's id is not given away while it has members
  }, lookMs);
  return () => clearInterval(timer);
}

/** {@link Runtime.exec} on runc. `directory` holds the pid files. */
export async function execIn(
  runc: Runc,
  directory: string,
  containerId: string,
  argv: readonly string[],
  options: Parameters<Runtime['exec']>[2],
): Promise<BoundedResult> {
  makeDirectory('RUNTIME:EXEC-DIRECTORY', directory);
  const pidFile = join(directory, `${randomUUID()}.pid`);
  const stopLooking = endHolders(pidFile);
  try {
    const args = runc.argv(...execArgs(pidFile, { terminal: false }), containerId, ...argv);
    const result = await runBounded('RUNTIME:EXEC', args, {
      timeoutMs: options.timeoutMs,
      maxBytes: options.maxBytes ?? execOutputLimitBytes,
      ...(options.input === undefined ? {} : { input: options.input }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      end: () => killProgram(pidFile, containerId),
    });
    // Without a pid file it was the runtime that spoke and failed, not the program.
    if (result.exitCode !== null && result.exitCode !== 0 && readPidFile(pidFile) === null) {
      return { ...result, ...notStarted(result.stderr, argv[0] ?? '') };
    }
    return result;
  } finally {
    stopLooking();
    try {
      remove('RUNTIME:EXEC-CLEAR', pidFile);
    } catch {
      // What the program has done counts; the next start of the agent takes the file away.
    }
  }
}
