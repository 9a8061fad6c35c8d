import * as fs from 'node:fs';
import type { FileChange } from '#lib/contract/files.ts';
import { differences, type Found, systemDifferences } from './changes.ts';
import { template } from './parts.ts';
import { isWithin, parentOf, pathOf } from './paths.ts';
import { newTemporary } from './places.ts';
import { Refusal } from './refusal.ts';
import { putAside } from './trash.ts';
import { copyTree } from './tree.ts';
import { removeTree } from './walk.ts';

/** Puts back what the template has, at most so many things. Returns how many came back; done again, it goes on with what is left. */
export function recover({ paths, allSystemFiles, most }: Extract<FileChange, { action: 'recover' }>): number {
  const found = allSystemFiles === true ? [...systemDifferences()] : (paths ?? []).flatMap(ofTemplate);
  const done: Buffer[] = [];
  let count = 0;
  for (const one of found) {
    if (count === most) break;
    // What came back with its folder is there already.
    if (one.difference === 'new' || done.some((folder) => isWithin(one.path, folder))) continue;
    putBack(one, done);
    count += 1;
  }
  return count;
}

function ofTemplate(given: string): Found[] {
  const path = pathOf(given);
  if (template.stat(path) === undefined) throw new Refusal('not_found', 'The template has no such file or folder.');
  const found = [...differences(path)];
  // Deleted with a folder around it, it has no mark of its own.
  if (found.length > 0 || fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined) return found;
  const stat = template.stat(path);
  return stat === undefined ? [] : [{ path, difference: 'deleted', stat, bytes: 0 }];
}

function putBack({ path }: Found, done: Buffer[]): void {
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
    if (now !== undefined) putAside(path);
    fs.renameSync(temporary, path);
  } catch (error) {
    removeTree(temporary);
    throw error;
  }
  done.push(path);
}
