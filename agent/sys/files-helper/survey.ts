/**
 * What is at some paths and below, told so that another helper, which sees another system, can compare. A line for each thing: the
 * number of the path it belongs to, its own path from there (base64), what it is; then a last line.
 */
import * as fs from 'node:fs';
import type { FileKind } from '#lib/contract/files.ts';
import { kindOf } from './entry.ts';
import { child, pathOf } from './paths.ts';
import { trashFolder } from './places.ts';
import { Refusal } from './refusal.ts';
import { input, output } from './streams.ts';

/** Looked at in one call; so many take some seconds and, told, some 100 MB. */
const mostLookedAt = 250_000;
const lineGroup = 500;

export type Facts = {
  kind: FileKind;
  size: number;
  mode: number;
  uid: number;
  gid: number;
  /** Last change in nanoseconds. */
  time: string;
  /** Of a link: where it leads, base64. */
  link: string | null;
};
export type Seen = { path: Buffer; below: Buffer; stat: fs.BigIntStats; facts: Facts };
type Line = [number, string, FileKind, number, number, number, number, string, string | null];

export class Budget {
  left = mostLookedAt;
  get spent(): boolean {
    return this.left <= 0;
  }
}

export function factsOf(path: Buffer, stat: fs.BigIntStats): Facts {
  const link = stat.isSymbolicLink() ? fs.readlinkSync(path, { encoding: 'buffer' }).toString('base64') : null;
  return {
    kind: kindOf(stat),
    size: Number(stat.size),
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    time: String(stat.mtimeNs),
    link,
  };
}

/** Whether nothing was changed: content is told by size and time, a folder's time says nothing of it. */
export function sameFacts(a: Facts, b: Facts): boolean {
  if (a.kind !== b.kind || a.uid !== b.uid || a.gid !== b.gid) return false;
  if (a.kind === 'link') return a.link === b.link;
  if (a.mode !== b.mode) return false;
  return a.kind !== 'file' || (a.size === b.size && a.time === b.time);
}

export function lookAt(path: Buffer): fs.BigIntStats | undefined {
  try {
    return fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** A path and everything below it but the trash, folders first; ends early when the budget does. */
export function* seen(root: Buffer, budget: Budget, path = root): Generator<Seen> {
  const stat = path.equals(trashFolder) ? undefined : lookAt(path);
  if (stat === undefined) return;
  budget.left -= 1;
  const below = root.length === 1 ? path.subarray(path.length === 1 ? 1 : 0) : path.subarray(root.length);
  yield { path, below, stat, facts: factsOf(path, stat) };
  if (!stat.isDirectory()) return;
  for (const name of fs.readdirSync(path, { encoding: 'buffer' })) {
    if (budget.spent) return;
    yield* seen(root, budget, child(path, name));
  }
}

export function survey({ paths }: { paths: string[] }): void {
  output.line({ ok: true, answer: {} });
  const budget = new Budget();
  let lines: string[] = [];
  const flush = () => {
    if (lines.length > 0) output.text(`${lines.join('\n')}\n`);
    lines = [];
  };
  for (const [number, given] of paths.entries()) {
    for (const { below, facts: f } of seen(pathOf(given), budget)) {
      const line: Line = [
        ...[number, below.toString('base64'), f.kind, f.size, f.mode, f.uid, f.gid, f.time, f.link],
      ] as Line;
      lines.push(JSON.stringify(line));
      if (lines.length >= lineGroup) flush();
    }
  }
  lines.push(JSON.stringify({ whole: !budget.spent }));
  flush();
}

const keyOf = (number: number, below: Buffer) => `${number}:${below.toString('latin1')}`;

/** A survey of the other system, from standard input. Things can be taken out of it, so that what is left was not asked for. */
export class Other {
  readonly whole: boolean;
  readonly #facts = new Map<string, Facts>();

  constructor() {
    for (;;) {
      const line = JSON.parse(input.line()) as Line | { whole: boolean };
      if (!Array.isArray(line)) {
        this.whole = line.whole;
        return;
      }
      if (this.#facts.size > mostLookedAt) throw new Refusal('too_large', 'There is too much to look through.');
      const [number, below, kind, size, mode, uid, gid, time, link] = line;
      this.#facts.set(keyOf(number, Buffer.from(below, 'base64')), { kind, size, mode, uid, gid, time, link });
    }
  }

  at(number: number, below: Buffer): Facts | undefined {
    return this.#facts.get(keyOf(number, below));
  }

  take(number: number, below: Buffer): Facts | undefined {
    const key = keyOf(number, below);
    const facts = this.#facts.get(key);
    this.#facts.delete(key);
    return facts;
  }

  *rest(): Generator<{ number: number; below: Buffer; facts: Facts }> {
    for (const [key, facts] of this.#facts) {
      const at = key.indexOf(':');
      yield { number: Number(key.slice(0, at)), below: Buffer.from(key.slice(at + 1), 'latin1'), facts };
    }
  }
}
