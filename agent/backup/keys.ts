import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BerthError } from '#lib/contract/berth-error.ts';
import { makeDirectory, writeDurably } from '../sys/files.ts';
import type { Places } from './location.ts';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Names of key files that are whole: restic names a key file by the SHA-256 of its content. */
function wholeKeys(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).filter((name) => hashOf(readFileSync(join(directory, name))) === name);
}

export function countKeys(places: Pick<Places, 'repository'>): number {
  return wholeKeys(join(places.repository, 'keys')).length;
}

/** Who the second key of a repository says that it belongs to. */
export const recoveryUser = 'berth-recovery';

/**
 * The key file that opens with the tenant's own password, to be named to restic: else it tries one after the other, and each wrong one
 * costs as much as the right one (a third of a second and more). Undefined when that cannot be told here; restic then finds out.
 */
export function ownKey(repository: string): string | undefined {
  try {
    const keys = join(repository, 'keys');
    return readdirSync(keys).find((name) => {
      const key: unknown = JSON.parse(readFileSync(join(keys, name), 'utf8'));
      const username = typeof key === 'object' && key !== null && 'username' in key ? key.username : undefined;
      return typeof username === 'string' && username !== recoveryUser;
    });
  } catch {
    return undefined; // not made yet, damaged, or not on this disk
  }
}

/**
 * Keeps copies of a repository's `config` and key files beside it, and puts a damaged or missing one back from them. The config
 * file's name is no hash, so the copy's is written down with it. Throws `action_failed` when a damaged file has no whole copy.
 */
export function keepKeys(places: Places): void {
  const keys = join(places.repository, 'keys');
  const copies = join(places.keyCopies, 'keys');
  for (const directory of [places.keyCopies, copies])
    if (!existsSync(directory)) makeDirectory('BACKUP:MKDIR', directory);

  const copied = wholeKeys(copies);
  const whole = wholeKeys(keys);
  for (const name of copied.filter((name) => !whole.includes(name)))
    writeDurably('BACKUP:HEAL-KEY', join(keys, name), readFileSync(join(copies, name)), 0o400);
  for (const name of whole.filter((name) => !copied.includes(name)))
    writeDurably('BACKUP:COPY-KEY', join(copies, name), readFileSync(join(keys, name)), 0o400);
  const damaged = readdirSync(keys).filter((name) => !wholeKeys(keys).includes(name));
  if (damaged.length > 0)
    throw new BerthError('action_failed', "A key file of the backup location's repository is damaged.", {
      inside: `${keys}: ${damaged.join(', ')}`,
    });
  keepConfig(places);
}

function keepConfig({ repository, keyCopies }: Places): void {
  const original = join(repository, 'config');
  const copy = join(keyCopies, 'config');
  const sum = join(keyCopies, 'config.sha256');
  if (!existsSync(sum)) {
    const content = readFileSync(original);
    writeDurably('BACKUP:COPY-CONFIG', copy, content, 0o400);
    writeDurably('BACKUP:COPY-CONFIG-SUM', sum, `${hashOf(content)}\n`);
    return;
  }
  const expected = readFileSync(sum, 'utf8').trim();
  const isWhole = (path: string) => existsSync(path) && hashOf(readFileSync(path)) === expected;
  if (isWhole(original)) {
    if (!isWhole(copy)) writeDurably('BACKUP:COPY-CONFIG', copy, readFileSync(original), 0o400);
  } else if (isWhole(copy)) writeDurably('BACKUP:HEAL-CONFIG', original, readFileSync(copy), 0o400);
  else
    throw new BerthError('action_failed', "The backup location's repository is damaged.", {
      inside: `${original} and its copy differ from ${sum}`,
    });
}
