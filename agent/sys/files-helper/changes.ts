import * as fs from 'node:fs';
import type { ChangedThing, Difference, FileAnswerOf, FileOrderOf } from '#lib/contract/files.ts';
import { kindOf } from './entry.ts';
import { template, upper } from './parts.ts';
import { child, nameOf, pathOf } from './paths.ts';
import { trashFolder } from './places.ts';
import { systemFile, systemFolders } from './system.ts';
import { isWhiteout } from './whiteout.ts';

/** Looked through at a time; so many take some seconds. */
const mostLookedAt = 300_000;
export const mostListed = 5_000;

export type Found = { path: Buffer; difference: Difference; stat: fs.BigIntStats; bytes: number };
const root = Buffer.from('/');

/**
 * Everything that differs from the template in `folder` and below, by the private area. What was only touched (the same content by
 * size and time, owner, permissions) does not count. Ends early, with false, when there is too much.
 */
export function* differences(folder: Buffer, most = mostLookedAt): Generator<Found, boolean> {
  const budget = { left: most };
  const there = template.stat(folder);
  if (folder.length > 1) yield* ofOne(folder, budget, true);
  else yield* within(folder, there?.isDirectory() === true, budget);
  return budget.left > 0;
}

function* within(folder: Buffer, inTemplate: boolean, budget: { left: number }): Generator<Found> {
  const names = upper.names(folder);
  for (const name of names) {
    const path = child(folder, name);
    if (!path.equals(trashFolder)) yield* ofOne(path, budget, inTemplate);
    if (budget.left <= 0) return;
  }
  if (!inTemplate || (folder.length > 1 && names.length === 0 && upper.stat(folder) === undefined)) return;
  // A folder that was deleted and made again hides what the template has in it, without a mark for each.
  const known = new Set(names.map((name) => name.toString('latin1')));
  for (const name of template.names(folder)) {
    const path = child(folder, name);
    if (known.has(name.toString('latin1')) || fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    const stat = template.stat(path);
    if (stat !== undefined) yield { path, difference: 'deleted', stat, bytes: 0 };
  }
}

function* ofOne(path: Buffer, budget: { left: number }, parentInTemplate: boolean): Generator<Found> {
  budget.left -= 1;
  const now = upper.stat(path);
  if (now === undefined) return;
  const before = parentInTemplate ? template.stat(path) : undefined;
  if (isWhiteout(now)) {
    if (before !== undefined) yield { path, difference: 'deleted', stat: before, bytes: 0 };
    return;
  }
  const bytes = Number(now.blocks) * 512;
  if (before === undefined) yield { path, difference: 'new', stat: now, bytes };
  else if (!same(path, now, before)) yield { path, difference: 'changed', stat: now, bytes };
  if (now.isDirectory()) yield* within(path, before?.isDirectory() === true, budget);
}

function same(path: Buffer, now: fs.BigIntStats, before: fs.BigIntStats): boolean {
  if (now.mode !== before.mode || now.uid !== before.uid || now.gid !== before.gid) return false;
  if (now.isDirectory()) return true; // its time says only that something in it came or went
  if (now.isSymbolicLink()) return readLink(path)?.equals(template.link(path) ?? root) === true;
  return now.size === before.size && now.mtimeNs === before.mtimeNs;
}

function readLink(path: Buffer): Buffer | undefined {
  try {
    return fs.readlinkSync(path, { encoding: 'buffer' });
  } catch {
    return undefined; // exchanged meanwhile
  }
}

/** Differences that "recover all system files" takes back: of what the template has, in the system's own folders. No other is looked into. */
export function* systemDifferences(most: number): Generator<Found> {
  const budget = { left: most };
  for (const folder of systemFolders) {
    for (const found of ofOne(Buffer.from(folder), budget, true)) {
      if (found.difference !== 'new' && systemFile(found.path)) yield found;
    }
  }
}

/** What differs in a folder, by what is in it. */
export function changes({ path }: FileOrderOf<'changes'>): FileAnswerOf<'changes'> {
  const folder = pathOf(path);
  const things = new Map<string, ChangedThing>();
  const source = differences(folder);
  let next = source.next();
  for (; next.done !== true; next = source.next()) {
    const { path: at, difference, stat, bytes } = next.value;
    if (at.equals(folder)) continue;
    const top = topOf(folder, at);
    const key = top.toString('latin1');
    const before = things.get(key);
    const itself = top.equals(at) ? { kind: kindOf(stat), difference } : undefined;
    things.set(key, {
      name: nameOf(top).toString('base64'),
      kind: itself?.kind ?? before?.kind ?? 'folder',
      difference: itself?.difference ?? before?.difference ?? null,
      count: (before?.count ?? 0) + 1,
      bytes: (before?.bytes ?? 0) + bytes,
    });
  }
  const items = [...things.values()].sort((a, b) => b.bytes - a.bytes || b.count - a.count);
  return { items: items.slice(0, mostListed), total: items.length, whole: next.value && items.length <= mostListed };
}

/** The child of `folder` in which `path` lies. */
function topOf(folder: Buffer, path: Buffer): Buffer {
  const from = folder.length === 1 ? 1 : folder.length + 1;
  const end = path.indexOf(47, from);
  return end === -1 ? path : path.subarray(0, end);
}
