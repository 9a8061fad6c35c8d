import * as fs from 'node:fs';
import type { ChangedThing, FileAnswerOf, FileOrderOf } from '#lib/contract/files.ts';
import { leftAlone } from '#lib/contract/identity-files.ts';
import { differences, type Found, mostListed, systemDifferences } from './changes.ts';
import { kindOf } from './entry.ts';
import { template } from './parts.ts';
import { pathOf } from './paths.ts';
import { Refusal } from './refusal.ts';

/** Everything: a part of a recovery that calls itself whole is worse than a long one. */
const everything = Number.POSITIVE_INFINITY;

/**
 * What a recovery of one path (base64; null: of all system files) touches: what the template has and is changed or deleted, there and
 * below. Of a folder, files that say who the system is and who may log in are left as they are, unless named by `given` itself.
 */
export function* recoverable(given: string | null): Generator<Found> {
  if (given === null) return yield* systemDifferences(everything);
  const path = pathOf(given);
  const folder = path.toString('latin1');
  for (const found of ofTemplate(path)) {
    if (found.difference !== 'new' && !leftAlone(found.path.toString('latin1'), folder)) yield found;
  }
}

function* ofTemplate(path: Buffer): Generator<Found> {
  const stat = template.stat(path);
  if (stat === undefined) throw new Refusal('not_found', 'The template has no such file or folder.');
  let none = true;
  for (const found of differences(path, everything)) {
    none = false;
    yield found;
  }
  // Deleted with a folder around it, it has no mark of its own.
  if (none && fs.lstatSync(path, { throwIfNoEntry: false }) === undefined) {
    yield { path, difference: 'deleted', stat, bytes: 0 };
  }
}

/** The same beforehand, path by path: the first of them, and how many there are. */
export function recoverableChanges({ path, system }: FileOrderOf<'changes'>): FileAnswerOf<'changes'> {
  const items: ChangedThing[] = [];
  let total = 0;
  for (const { path: at, difference, stat, bytes } of recoverable(system ? null : path)) {
    total += 1;
    if (items.length >= mostListed) continue;
    items.push({ name: at.toString('base64'), kind: kindOf(stat), difference, count: 1, bytes });
  }
  items.sort((a, b) => b.bytes - a.bytes);
  return { items, total, whole: total === items.length };
}
