import { spawn } from 'node:child_process';

export type RunOptions = {
  cwd?: string;
  /** Added to (not instead of) this process's environment, of which DATABASE_URL is left out. */
  env?: Record<string, string>;
  /** Written to standard input, which is then closed. */
  input?: string;
  timeoutMs?: number;
  /** Every line the program prints, as it comes. */
  onLine?: (line: string) => void;
};

export type RunResult = { code: number | null; signal: string | null; stdout: string; stderr: string };

/** A program that did not do what it was asked to. Its message carries the end of what the program said. */
export class CommandFailed extends Error {
  readonly result: RunResult;
  constructor(program: string, args: readonly string[], result: RunResult) {
    const how =
      result.code === null ? `was ended by ${result.signal ?? 'a signal'}` : `ended with status ${result.code}`;
    const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-15).join('\n');
    super(`${program} ${args.slice(0, 3).join(' ')} ${how}${said === '' ? '' : `:\n${said}`}`);
    this.result = result;
  }
}

/** Runs a program to its end, without a shell. Rejects only when it cannot be started at all. */
export function tryRun(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  // The owner's address has a password in it, and nothing that is run here needs it.
  const { DATABASE_URL: _secret, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...inherited, LC_ALL: 'C.UTF-8', ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      let rest = '';
      child[name].setEncoding('utf8');
      child[name].on('data', (text: string) => {
        output[name] += text;
        if (options.onLine === undefined) return;
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) options.onLine(line);
      });
    }
    // A program that ends without reading its input is no error of ours; its status says what happened.
    child.stdin.on('error', () => undefined);
    child.on('error', (cause) => reject(new Error(`${program} cannot be started`, { cause })));
    child.on('close', (code, signal) => resolve({ code, signal, ...output }));
    child.stdin.end(options.input ?? '');
  });
}

/** Runs a program and gives its standard output. Rejects with {@link CommandFailed} on any status but 0. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await tryRun(program, args, options);
  if (result.code !== 0) throw new CommandFailed(program, args, result);
  return result.stdout;
}
