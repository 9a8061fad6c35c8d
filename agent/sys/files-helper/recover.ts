import * as fs from 'node:fs';
import type { InsideCall, Recovering } from '#agent/adapters.ts';
import { template } from './parts.ts';
import { parentOf } from './paths.ts';
import { newTemporary } from './places.ts';
import { recoverable } from './recoverable.ts';
import { refusalOf } from './refusal.ts';
import { output } from './streams.ts';
import { replace } from './trash.ts';
import { copyTree } from './tree.ts';
import { removeTree } from './walk.ts';

/** Between two words of how far it is. */
const tellEvery = 50;

/**
 * Puts back what the template has ({@link recoverable}): one look at what differs, then one thing after the other, so that it takes as
 * long as there is to do. Done again, it goes on with what is left.
 */
export function recover({ paths, allSystemFiles }: Extract<InsideCall, { op: 'recover' }>['order']): void {
  // Only the paths: what else is known of each takes ten times as much room.
  const found: Buffer[] = [];
  for (const given of allSystemFiles === true ? [null] : (paths ?? [])) {
    for (const { path } of recoverable(given)) found.push(path);
  }
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
