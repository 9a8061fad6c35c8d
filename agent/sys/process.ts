import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { effect, faultPoint } from './fault.ts';
import { unprotected } from './oom.ts';

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
  /**
   * In process and mount namespaces of its own: when it ends, in whatever way, all that it has started ends too, and what it has mounted is gone. For programs
   * that start many others. It cannot be asked to end, only killed.
   */
  alone?: boolean;
  /** Exit codes that count as success besides 0. */
  okCodes?: readonly number[];
  /** Most bytes kept of each stream; default 4 MiB. */
  maxBytes?: number;
};

/** A process that somebody holds; see {@link start}. */
export type Started = ChildProcess;

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

/** A program was killed and has not ended: it hangs in the kernel, and is left to itself. What it may have done is unknown. */
export class StuckError extends CommandError {
  constructor(argv: readonly string[], stderr: string) {
    super(argv, null, `it was killed, and does not end. ${stderr}`);
    this.name = 'StuckError';
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
/** So long after SIGKILL a program may take to end: it may have much to write. */
const dyingMs = 15_000;

/**
 * What starts a program in namespaces of its own; see {@link RunOptions.alone}. Its copies of the host's mounts are slaves of them: a volume that is unmounted
 * meanwhile must not stay in use by a copy.
 */
export const aloneArgv: readonly string[] = [
  ...['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'slave', '--'],
];

function prefixOf({ whenOrphaned, alone = false }: RunOptions): string[] {
  // unshare(1) ignores SIGTERM while it waits; killed, it takes the first process of the namespace along, and that one all others.
  const orphaned = alone ? 'SIGKILL' : whenOrphaned;
  return [
    ...(orphaned === undefined ? [] : ['setpriv', '--pdeathsig', orphaned.slice(3), '--']),
    ...(alone ? aloneArgv : []),
  ];
}

function runBare(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const [program, ...args] = [...prefixOf(options), ...argv];
  if (program === undefined) throw new Error('empty argument array');
  const { timeoutMs = 120_000, maxBytes = 4 * 1024 * 1024, okCodes = [0] } = options;
  return new Promise((resolve, reject) => {
    const child = unprotected(() =>
      spawn(program, args, {
        stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        env: { ...minimalEnv, ...options.env },
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      }),
    );
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
    let dying: NodeJS.Timeout | undefined;
    const kill = () => {
      child.kill('SIGKILL');
      dying ??= setTimeout(abandon, dyingMs);
    };
    let killing: NodeJS.Timeout | undefined;
    const stop = () => {
      if (options.alone === true) return kill();
      child.kill('SIGTERM');
      killing = setTimeout(kill, 5000);
    };
    const timer = setTimeout(kill, timeoutMs);
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
    child.once('exit', () => {
      clearTimeout(dying);
      letGo(pieces, mostDrains);
    });
    const finish = () => {
      for (const one of [timer, drain, killing, dying]) clearTimeout(one);
      options.signal?.removeEventListener('abort', stop);
    };
    const abandon = () => {
      finish();
      for (const stream of child.stdio) stream?.destroy();
      child.unref();
      reject(new StuckError(argv, Buffer.concat(collected.stderr).toString()));
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

/**
 * Starts a long-lived program with explicit stdio; the caller owns it. Environment is minimal plus `options.env`. `keepProtection`: it is as unlikely as the
 * agent itself to be ended when memory runs out.
 */
export function start(
  label: string,
  argv: readonly string[],
  { keepProtection = false, ...options }: SpawnOptions & { keepProtection?: boolean },
): ChildProcess {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('empty argument array');
  faultPoint(label, 'before');
  const begin = () => spawn(program, args, { ...options, env: { ...minimalEnv, ...options.env } });
  const child = keepProtection ? begin() : unprotected(begin);
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
