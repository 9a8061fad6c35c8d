import * as fs from 'node:fs';
import type { InsideCall, Recovering } from '#agent/adapters.ts';
import { differences, type Found, systemDifferences } from './changes.ts';
import { template } from './parts.ts';
import { parentOf, pathOf } from './paths.ts';
import { newTemporary } from './places.ts';
import { Refusal, refusalOf } from './refusal.ts';
import { output } from './streams.ts';
import { replace } from './trash.ts';
import { copyTree } from './tree.ts';
import { removeTree } from './walk.ts';

/** Between two words of how far it is. */
const tellEvery = 50;
/** Everything: a part of a recovery that calls itself whole is worse than a long one. */
const everything = Number.POSITIVE_INFINITY;

/**
 * Puts back what the template has: one look at what differs, then one thing after the other, so that it takes as long as there is to do.
 * Done again, it goes on with what is left.
 */
export function recover({ paths, allSystemFiles }: Extract<InsideCall, { op: 'recover' }>['order']): void {
  const found: Buffer[] = [];
  if (allSystemFiles === true) collect(systemDifferences(everything), found);
  else for (const path of paths ?? []) collect(ofTemplate(path), found);
  output.line({ ok: true, answer: { found: found.length } });
  const back = new Set<string>();
  let changed = 0;
  const tell = (more: Omit<Recovering, 'changed'> = {}) =>
    output.text(`${JSON.stringify({ changed, ...more } satisfies Recovering)}\n`);
  try {
    for (const path of found) {
      // What came back with its folder is there already.
      if (isBack(path, back)) continue;
      putBack(path, back);
      changed += 1;
      if (changed % tellEvery === 0) tell();
    }
    tell({ ended: true });
  } catch (error) {
    tell({ ended: true, refusal: refusalOf(error) });
  }
}

/** Only the paths: what else is known of each takes ten times as much room. */
function collect(differing: Iterable<Found>, into: Buffer[]): void {
  for (const { path, difference } of differing) if (difference !== 'new') into.push(path);
}

function ofTemplate(given: string): Iterable<Found> {
  const path = pathOf(given);
  if (template.stat(path) === undefined) throw new Refusal('not_found', 'The template has no such file or folder.');
  const found = [...differences(path, everything)];
  // Deleted with a folder around it, it has no mark of its own.
  if (found.length > 0 || fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined) return found;
  const stat = template.stat(path);
  return stat === undefined ? [] : [{ path, difference: 'deleted', stat, bytes: 0 }];
}

const keyOf = (path: Buffer) => path.toString('latin1');

/** By the folders around it, however many have come back. */
function isBack(path: Buffer, back: ReadonlySet<string>): boolean {
  for (let at = path; at.length > 1; at = parentOf(at)) if (back.has(keyOf(at))) return true;
  return false;
}

function putBack(path: Buffer, back: Set<string>): void {
  const before = template.stat(path);
  if (before === undefined) return;
  const now = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (now?.isDirectory() === true && before.isDirectory()) {
    // Only the folder itself differs; what is in it is looked at by itself.
    fs.lchownSync(path, Number(before.uid), Number(before.gid));
    fs.chmodSync(path, Number(before.mode) & 0o7777);
    return;
  }
  const temporary = newTemporary();
  try {
    template.at(path, (from) => copyTree(from, temporary));
    fs.mkdirSync(parentOf(path), { recursive: true, mode: 0o755 });
    if (now === undefined) fs.renameSync(temporary, path);
    else replace(path, temporary);
  } catch (error) {
    removeTree(temporary);
    throw error;
  }
  back.add(keyOf(path));
}
