import type { Operation } from '#clients/typescript/api.ts';
import type { Client } from './client.ts';
import { CliError, exits } from './exits.ts';

/** Where things are said. Results go to standard output, everything else to standard error, so that a pipe gets results alone. */
export type Voice = {
  out(text: string): void;
  err(text: string): void;
  /** What is under way, in one line that the next one replaces; nothing where nobody watches. Empty: take it away. */
  progress(text: string): void;
  isTerminal: boolean;
};

export const processVoice: Voice = {
  out: (text) => void process.stdout.write(`${process.stdout.isTTY === true ? lines(text) : text}\n`),
  err: (text) => void process.stderr.write(`${lines(text)}\n`),
  progress: (text) => {
    if (process.stderr.isTTY !== true) return;
    process.stderr.write(`\r\u001b[K${plain(text).slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1))}`);
  },
  isTerminal: process.stderr.isTTY === true,
};

/** The same of a text of several lines: what the panel says of itself, and problems that name what somebody else has named. */
export function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').map(plain).join('\t'))
    .join('\n');
}

/** What a terminal would obey is shown as a question mark: names and messages come from others. */
export function plain(value: unknown): string {
  const text = value === null || value === undefined ? '-' : String(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this replaces
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '?');
}

/** Columns side by side, without a frame. */
export function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = [head, ...rows.map((row) => row.map(plain))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const over = ['succeeded', 'failed', 'cancelled', 'stuck'];

export type Waiting = { cancelOnInterrupt?: boolean; everyMs?: number };

/**
 * Follows an operation to its end and says its progress. Throws when it does not succeed, and when the person interrupts: the operation goes
 * on then, unless they asked for it to be cancelled.
 */
export async function waitFor(
  panel: Client,
  first: Operation,
  voice: Voice,
  options: Waiting = {},
): Promise<Operation> {
  const { everyMs = 500, cancelOnInterrupt = false } = options;
  let operation = first;
  let interrupts = 0;
  let wake = () => {};
  const onInterrupt = () => {
    interrupts += 1;
    wake();
  };
  process.on('SIGINT', onInterrupt);
  try {
    let asked = false;
    while (!over.includes(operation.state)) {
      if (interrupts > 0 && !asked) {
        if (!cancelOnInterrupt) throw interrupted(operation);
        asked = true;
        voice.progress('');
        voice.err('Cancelling; what was begun is undone. Press Ctrl-C again to leave it at that.');
        await panel.call('operations.cancel', { params: { id: operation.id }, body: {} }).catch(() => undefined);
      }
      if (interrupts > 1) throw interrupted(operation);
      const step = operation.steps.find((one) => one.state === 'running')?.title ?? operation.state;
      voice.progress(
        `${plain(operation.containerName ?? '')} ${operation.kind}: ${plain(step)}, ${Math.round(operation.percent)} %`,
      );
      await new Promise<void>((done) => {
        const timer = setTimeout(done, everyMs);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      });
      operation = await panel.call('operations.get', { params: { id: operation.id } });
    }
  } finally {
    process.off('SIGINT', onInterrupt);
    voice.progress('');
  }
  if (operation.state === 'succeeded') return operation;
  const why = operation.error?.detail ?? 'no reason was given';
  throw new CliError(
    exits.operation,
    `${operation.kind} ${operation.state}: ${plain(why)}`,
    operation.error?.remedy ?? undefined,
  );
}

function interrupted({ id, kind }: Operation): CliError {
  return new CliError(
    exits.interrupted,
    `Interrupted. The ${kind} goes on without you.`,
    `Follow it with "berth operation show ${id} --wait", end it with "berth operation cancel ${id}".`,
  );
}
