import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '#lib/contract/integrity.ts';
import { makeDirectory, remove, writeDurably } from '../sys/files.ts';
import { keepKeys } from './keys.ts';
import type { Places } from './location.ts';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const namesIn = (directory: string) => (existsSync(directory) ? readdirSync(directory) : []);

const isName = (name: string) => /^[0-9a-f]{64}$/.test(name);

/** Null where there is no such file (any more). */
function hashAt(path: string): string | null {
  try {
    return hashOf(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Every file of a repository but `config` is named by the SHA-256 of its content. */
function isWhole(directory: string, name: string): boolean {
  return hashAt(join(directory, name)) === name;
}

const copiesOf = (places: Places) => join(places.keyCopies, 'snapshots');

/** What is damaged of the files that open a repository, before it is mended. */
function damagedKeys({ repository, keyCopies }: Places): Finding[] {
  const found: Finding[] = [];
  const keys = join(repository, 'keys');
  const copies = join(keyCopies, 'keys');
  for (const name of new Set([...namesIn(keys), ...namesIn(copies)].filter(isName)))
    for (const [what, directory] of [['key', keys] as const, ['copy', copies] as const])
      if (!isWhole(directory, name)) found.push({ what, name, healed: 'no' });
  const sum = join(keyCopies, 'config.sha256');
  if (!existsSync(sum)) return found;
  const expected = readFileSync(sum, 'utf8').trim();
  const own = hashAt(join(repository, 'config'));
  const copy = hashAt(join(keyCopies, 'config'));
  if (own !== expected) found.push({ what: 'config', name: 'config', healed: 'no' });
  if (copy !== expected) found.push({ what: 'copy', name: 'config', healed: 'no' });
  return found;
}

/**
 * Where the config and its copy agree and the sum of it says otherwise, either the sum is damaged or both of them in the same way: the sum as it
 * would have to be, else null. restic knows which, for it opens no other config than the one it wrote.
 */
export function doubtfulSum({ repository, keyCopies }: Places): string | null {
  const sum = join(keyCopies, 'config.sha256');
  if (!existsSync(sum)) return null;
  const own = hashAt(join(repository, 'config'));
  const agree = own !== null && own === hashAt(join(keyCopies, 'config'));
  return agree && own !== readFileSync(sum, 'utf8').trim() ? own : null;
}

export function writeSum({ keyCopies }: Places, own: string): void {
  writeDurably('BACKUP:COPY-CONFIG-SUM', join(keyCopies, 'config.sha256'), `${own}\n`);
}

/** Puts keys and config, or the copies of them, back; says what was damaged. What stays damaged is not `healed`. */
export function mendKeys(places: Places): Finding[] {
  const before = damagedKeys(places);
  if (before.length === 0) return [];
  try {
    keepKeys(places);
  } catch {
    // What could not be mended is still damaged, and told below.
  }
  const after = damagedKeys(places);
  const still = (one: Finding) => after.some((other) => other.what === one.what && other.name === one.name);
  return before.map((one) => ({ ...one, healed: still(one) ? 'no' : 'yes' }));
}

/** A lock whose content is damaged cannot be anybody's, and keeps everybody out: restic stops at it, `unlock` too. */
export function removeDamagedLocks({ repository }: Places): Finding[] {
  const locks = join(repository, 'locks');
  const damaged = namesIn(locks).filter((name) => {
    const content = isName(name) ? hashAt(join(locks, name)) : null;
    return content !== null && content !== name;
  });
  for (const name of damaged) remove('BACKUP:REMOVE-LOCK', join(locks, name));
  return damaged.map((name) => ({ what: 'lock', name, healed: 'yes' }));
}

/** Keeps a copy of a snapshot's file, a few hundred bytes without which all that it names is lost. */
export function keepSnapshot(places: Places, resticSnapshotId: string): void {
  const copies = copiesOf(places);
  const from = join(places.repository, 'snapshots');
  if (!isWhole(from, resticSnapshotId) || isWhole(copies, resticSnapshotId)) return;
  if (!existsSync(copies)) makeDirectory('BACKUP:MKDIR', copies);
  const content = readFileSync(join(from, resticSnapshotId));
  writeDurably('BACKUP:COPY-SNAPSHOT', join(copies, resticSnapshotId), content, 0o400);
}

/** Before the snapshot itself goes: a copy must not bring back what somebody has deleted. */
export function dropSnapshotCopy(places: Places, resticSnapshotId: string): void {
  remove('BACKUP:DROP-COPY', join(copiesOf(places), resticSnapshotId));
}

/**
 * The same for what is in the repository no more and not in this list, the portal's, of what should be: another host that shares the
 * directory may have made it since.
 */
export function dropOtherCopies(places: Places, wanted: ReadonlySet<string>): void {
  const there = new Set(namesIn(join(places.repository, 'snapshots')));
  for (const name of namesIn(copiesOf(places)))
    if (!wanted.has(name) && !there.has(name)) dropSnapshotCopy(places, name);
}

/** Puts files of these snapshots back from their copies, or keeps copies of those that are whole. */
export function mendSnapshots(places: Places, ids: readonly string[]): Finding[] {
  const copies = copiesOf(places);
  const directory = join(places.repository, 'snapshots');
  return ids.flatMap((name): Finding[] => {
    if (isWhole(directory, name)) {
      keepSnapshot(places, name);
      return [];
    }
    if (!isWhole(copies, name)) return [{ what: 'snapshot', name, healed: 'no' }];
    writeDurably('BACKUP:HEAL-SNAPSHOT', join(directory, name), readFileSync(join(copies, name)), 0o400);
    return [{ what: 'snapshot', name, healed: 'yes' }];
  });
}

/** Removes a snapshot's file that is damaged, at which restic itself stops; false for one that is whole, or not there. */
export function removeDamagedSnapshot({ repository }: Places, resticSnapshotId: string): boolean {
  const path = join(repository, 'snapshots', resticSnapshotId);
  const content = hashAt(path);
  if (content === null || content === resticSnapshotId) return false;
  remove('BACKUP:REMOVE-DAMAGED', path);
  return true;
}
