import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { effect, faultPoint } from './fault.ts';

export type RunOptions = {
  input?: string | Uint8Array;
  env?: Record<string, string>;
  cwd?: string;
  /** Killed (SIGKILL) after this long; default 120 s. */
  timeoutMs?: number;
  /** Ends the process with SIGTERM, then SIGKILL after 5 s. */
  signal?: AbortSignal;
  /** Called with each complete line of standard output instead of collecting it. */
  onLine?: (line: string) => void;
  /** What the kernel sends it when the agent dies: for programs that would go on for long, or hold a lock. */
  whenOrphaned?: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
  /** Exit codes that count as success besides 0. */
  okCodes?: readonly number[];
  /** Most bytes kept of each stream; default 4 MiB. */
  maxBytes?: number;
};

export type RunResult = { code: number | null; stdout: string; stderr: string };

/** A program ended badly. `stderr` is for the log and for operators, never for tenants. */
export class CommandError extends Error {
  readonly argv: readonly string[];
  readonly code: number | null;
  readonly stderr: string;
  constructor(argv: readonly string[], code: number | null, stderr: string) {
    super(`${argv[0]} ended with ${code ?? 'a signal'}: ${stderr.trim().slice(-2000)}`);
    this.name = 'CommandError';
    this.argv = argv;
    this.code = code;
    this.stderr = stderr;
  }
}

const minimalEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
} as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv; // Next's types make NODE_ENV mandatory; children of the agent have none

/**
 * Runs a program from an argument array (never a shell) with a minimal environment. Output is collected up to `maxBytes`.
 * Throws {@link CommandError} when it ends otherwise than `okCodes` allow.
 */
export function run(label: string, argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return effect(label, () => runBare(argv, options));
}

/** So long after its end output of a program may still come, before it is taken for held open by a child that it left behind. */
const drainMs = 1000;
const mostDrains = 10;

function runBare(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const { whenOrphaned } = options;
  const prefix = whenOrphaned === undefined ? [] : ['setpriv', '--pdeathsig', whenOrphaned.slice(3), '--'];
  const [program, ...args] = [...prefix, ...argv];
  if (program === undefined) throw new Error('empty argument array');
  const { timeoutMs = 120_000, maxBytes = 4 * 1024 * 1024, okCodes = [0] } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: { ...minimalEnv, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const collected = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const sizes = { stdout: 0, stderr: 0 };
    let partial = '';
    let pieces = 0;
    const keep = (name: 'stdout' | 'stderr') => (chunk: Buffer) => {
      pieces += 1;
      if (name === 'stdout' && options.onLine !== undefined) {
        const lines = (partial + chunk.toString()).split('\n');
        partial = lines.pop() ?? '';
        for (const line of lines) options.onLine(line);
        return;
      }
      if (sizes[name] < maxBytes) collected[name].push(chunk.subarray(0, maxBytes - sizes[name]));
      sizes[name] += chunk.length;
    };
    child.stdout?.on('data', keep('stdout'));
    child.stderr?.on('data', keep('stderr'));
    const stop = () => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 5000).unref();
    };
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    options.signal?.addEventListener('abort', stop, { once: true });
    if (options.signal?.aborted) stop();
    let drain: NodeJS.Timeout | undefined;
    const letGo = (before: number, left: number) => {
      // After a look at the pipes: a process that was busy itself must not take what waits there for nothing.
      const decide = () => {
        if (pieces !== before && left > 0) return letGo(pieces, left - 1);
        child.stdout?.destroy();
        child.stderr?.destroy();
      };
      drain = setTimeout(() => setImmediate(decide), drainMs);
    };
    child.once('exit', () => letGo(pieces, mostDrains));
    const finish = () => {
      clearTimeout(timer);
      clearTimeout(drain);
      options.signal?.removeEventListener('abort', stop);
    };
    child.on('error', (error) => {
      finish();
      reject(error);
    });
    child.on('close', (code) => {
      finish();
      if (partial !== '') options.onLine?.(partial);
      const stdout = Buffer.concat(collected.stdout).toString();
      const stderr = Buffer.concat(collected.stderr).toString();
      if (code !== null && okCodes.includes(code)) resolve({ code, stdout, stderr });
      else reject(new CommandError(argv, code, stderr));
    });
    if (options.input !== undefined && child.stdin !== null) {
      child.stdin.on('error', () => {}); // the program may end without reading all of it; its exit code tells
      child.stdin.end(options.input);
    }
  });
}

/** Starts a long-lived program with explicit stdio; the caller owns it. Environment is minimal plus `options.env`. */
export function start(label: string, argv: readonly string[], options: SpawnOptions): ChildProcess {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('empty argument array');
  faultPoint(label, 'before');
  const child = spawn(program, args, { ...options, env: { ...minimalEnv, ...options.env } });
  faultPoint(label, 'after');
  return child;
}

/** Sends a signal by process id; false when there is no such process. */
export function signal(label: string, pid: number, name: NodeJS.Signals | number): boolean {
  faultPoint(label, 'before');
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  } finally {
    faultPoint(label, 'after');
  }
}
