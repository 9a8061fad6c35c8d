/**
 * The trash: a folder of the container's own, so that what lies in it counts in its quota. Each thing in it has a folder with
 * `item`, the thing itself, and `info`, where it was and when it was deleted.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import type { FileAnswerOf, TrashItem } from '#lib/contract/files.ts';
import { instantOf, kindOf, readSmall } from './entry.ts';
import { child, isWithin, parentOf } from './paths.ts';
import { ensureTrash, trashFolder, unfinished } from './places.ts';
import { Refusal } from './refusal.ts';
import { moveTree, refuseTaken } from './tree.ts';
import { removeTree, walk } from './walk.ts';

const mostCounted = 20_000;
const mostItems = 5_000;
const idPattern = /^[0-9a-z]{8,40}$/;

/** Puts something into the trash. */
export function putAside(path: Buffer): string {
  return putInto(path, (item) => moveTree(path, item));
}

/**
 * Puts something into the trash and what is at `by` in its place. Where neither is a folder, something is at the path all the while, the one
 * or the other; killed in between, what was there is in the trash as well.
 */
export function replace(path: Buffer, by: Buffer): void {
  putInto(path, (item) => {
    if ([path, by].some((one) => fs.lstatSync(one).isDirectory())) moveTree(path, item);
    else fs.linkSync(path, item);
  });
  fs.renameSync(by, path);
}

/** The note of where it was is written first: what is in the trash can always go back. */
function putInto(path: Buffer, put: (item: Buffer) => void): string {
  if (isWithin(trashFolder, path) || isWithin(path, trashFolder)) {
    throw new Refusal('invalid', 'The trash itself stays.');
  }
  const stat = fs.lstatSync(path);
  const id = `${Date.now().toString(36)}${randomBytes(5).toString('hex')}`;
  const place = child(ensureTrash(), Buffer.from(id));
  fs.mkdirSync(place, 0o700);
  try {
    const info = { path: path.toString('base64'), kind: kindOf(stat), deletedAt: new Date().toISOString() };
    fs.writeFileSync(child(place, Buffer.from('info')), JSON.stringify(info), { mode: 0o600, flag: 'wx' });
    put(child(place, Buffer.from('item')));
  } catch (error) {
    removeTree(place);
    throw error;
  }
  return id;
}

function placesOf(): { id: string; place: Buffer }[] {
  if (fs.lstatSync(trashFolder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const names = fs.readdirSync(trashFolder).filter((name) => idPattern.test(name) && name !== 'unfinished');
  return names.map((id) => ({ id, place: child(trashFolder, Buffer.from(id)) }));
}

/** What is in the trash, newest first. What its note does not tell is left out: it can still be emptied. */
export function trash(): FileAnswerOf<'trash'> {
  const items = placesOf()
    .slice(0, mostItems)
    .flatMap(({ id, place }): TrashItem[] => {
      const item = child(place, Buffer.from('item'));
      const stat = fs.lstatSync(item, { throwIfNoEntry: false });
      const info = infoOf(place);
      if (stat === undefined || info === null) return [];
      return [{ id, path: info.path, kind: kindOf(stat), bytes: bytesIn(item), deletedAt: info.deletedAt }];
    });
  return { items: items.sort((a, b) => b.deletedAt.localeCompare(a.deletedAt)) };
}

function infoOf(place: Buffer): { path: string; deletedAt: string } | null {
  try {
    const info = JSON.parse(readSmall(child(place, Buffer.from('info')), 20_000)) as Record<string, unknown>;
    if (typeof info.path !== 'string' || typeof info.deletedAt !== 'string') return null;
    return { path: info.path, deletedAt: instantOf(Date.parse(info.deletedAt)) };
  } catch {
    return null;
  }
}

function bytesIn(path: Buffer): number | null {
  let [bytes, counted] = [0, 0];
  for (const { stat } of walk(path)) {
    counted += 1;
    if (counted > mostCounted) return null;
    bytes += Number(stat.blocks) * 512;
  }
  return bytes;
}

/** Puts things back where they were, making folders that are gone meanwhile. Refused when something has taken the place. */
export function putBack(ids: readonly string[]): number {
  for (const id of ids) {
    const place = child(trashFolder, Buffer.from(id));
    const info = infoOf(place);
    if (info === null) throw new Refusal('not_found', 'That is no longer in the trash.');
    const path = Buffer.from(info.path, 'base64');
    if (path[0] !== 47 || path.includes(0)) throw new Refusal('invalid', 'Nobody knows where it was.');
    refuseTaken(path);
    fs.mkdirSync(parentOf(path), { recursive: true, mode: 0o755 });
    moveTree(child(place, Buffer.from('item')), path);
    removeTree(place);
  }
  return ids.length;
}

export function emptyTrash(ids: readonly string[] | undefined): number {
  const places = placesOf().filter(({ id }) => ids === undefined || ids.includes(id));
  for (const { place } of places) removeTree(place);
  if (ids === undefined) removeTree(child(trashFolder, unfinished));
  return places.length;
}
