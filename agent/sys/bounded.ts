import { signal, start } from './process.ts';

export type BoundedResult = {
  /** Null when it was ended: by a signal, by the time-out, or because nobody wants it any more. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  truncated: boolean;
  timedOut: boolean;
};

/** How long output is still read after the program has ended: a child it left behind may hold the pipe for ever. */
const drainMs = 250;
/** How long the program may take to end after what is behind it was ended. */
const graceMs = 1000;

/**
 * Runs a program whose output and duration are not to be trusted: keeps at most `maxBytes` of each stream and reads the rest
 * away; after `timeoutMs`, or when `signal` says so, calls `end`, which ends what is behind the program, and a second later kills the program. Any
 * exit code is a result; only a program that cannot be started throws.
 */
export function runBounded(
  label: string,
  argv: readonly string[],
  options: { timeoutMs: number; maxBytes: number; input?: string; signal?: AbortSignal; end?: () => void },
): Promise<BoundedResult> {
  const child = start(label, argv, { stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const sizes = { stdout: 0, stderr: 0 };
  let [ended, timedOut] = [false, false];
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      const room = options.maxBytes - sizes[name];
      if (room > 0) chunks[name].push(chunk.subarray(0, room));
      sizes[name] += chunk.length;
    });
  }
  if (options.input !== undefined) {
    child.stdin?.on('error', () => {}); // the program may end without reading all of it
    child.stdin?.end(options.input);
  }
  return new Promise((resolve, reject) => {
    const endBehind = () => {
      try {
        options.end?.();
      } catch (error) {
        reject(error);
      }
    };
    const stop = () => {
      if (ended) return;
      ended = true;
      endBehind();
      // Left to end by itself it reaps what `end` has killed; an orphaned zombie would hold up the end of its pid namespace.
      last = setTimeout(() => {
        endBehind(); // what had only just begun was not there to be ended before
        if (child.pid !== undefined) signal('SYS:BOUNDED-KILL', child.pid, 'SIGKILL');
      }, graceMs);
    };
    const timer = setTimeout(() => {
      timedOut = !ended;
      stop();
    }, options.timeoutMs);
    options.signal?.addEventListener('abort', stop, { once: true });
    let last: NodeJS.Timeout | undefined;
    let drain: NodeJS.Timeout | undefined;
    const over = () => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
    };
    child.once('error', (error) => {
      over();
      reject(error);
    });
    child.once('exit', () => {
      over();
      clearTimeout(last);
      drain = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        child.stdin?.destroy();
      }, drainMs);
    });
    child.once('close', (code) => {
      clearTimeout(drain);
      resolve({
        exitCode: ended ? null : code,
        stdout: Buffer.concat(chunks.stdout).toString(),
        stderr: Buffer.concat(chunks.stderr).toString(),
        truncated: sizes.stdout > options.maxBytes || sizes.stderr > options.maxBytes,
        timedOut,
      });
    });
  });
}
