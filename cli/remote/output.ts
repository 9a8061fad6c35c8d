import type { Operation } from '#lib/contract/operations.ts';
import type { Client } from './client.ts';
import { CliError, exits } from './exits.ts';

/** Where things are said. Results go to standard output, everything else to standard error, so that a pipe gets results alone. */
export type Voice = { out(text: string): void; err(text: string): void; isTerminal: boolean };

export const processVoice: Voice = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  isTerminal: process.stderr.isTTY === true,
};

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

/** Follows an operation to its end and says its progress. Throws when it does not succeed. */
export async function waitFor(panel: Client, first: Operation, voice: Voice, everyMs = 500): Promise<Operation> {
  let operation = first;
  let said = '';
  while (!over.includes(operation.state)) {
    const step = operation.steps.find((one) => one.state === 'running')?.title ?? operation.state;
    const line = `${plain(operation.containerName ?? '')} ${operation.kind}: ${plain(step)}, ${Math.round(operation.percent)} %`;
    if (line !== said && voice.isTerminal) voice.err(line);
    said = line;
    await new Promise((done) => setTimeout(done, everyMs));
    operation = await panel.call('operations.get', { params: { id: operation.id } });
  }
  if (operation.state === 'succeeded') return operation;
  const why = operation.error?.detail ?? 'no reason was given';
  throw new CliError(
    exits.operation,
    `${operation.kind} ${operation.state}: ${plain(why)}`,
    operation.error?.remedy ?? undefined,
  );
}
