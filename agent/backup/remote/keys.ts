import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BerthError } from '#lib/contract/errors.ts';
import { bytesOf, readBody } from '../../sys/outbound.ts';
import { mostBlobBytes, type ObjectName, type Objects } from './objects.ts';

/** A repository has two keys, and one more for each that was put in a damaged one's place by hand. */
const mostKeys = 100;
export const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export async function readSmall(objects: Objects, object: ObjectName): Promise<Buffer | undefined> {
  const found = await objects.read(object);
  return found === undefined ? undefined : await readBody(found.body, mostBlobBytes[object.type]);
}

export const writeSmall = (objects: Objects, object: ObjectName, content: Buffer) =>
  objects.write(object, bytesOf(content), hashOf(content));

const Key = z.object({ kdf: z.literal('scrypt'), N: z.int(), r: z.int(), p: z.int() });
/** restic's own keys take 60 MB and half a second. */
const [mostKeyMemoryBytes, mostKeyPasses] = [256 * 1024 * 1024, 64];

/**
 * A key file says itself how much memory and time it takes to try a password on it, before anything proves that it is one of ours.
 * False for one that asks for more than restic's own do, or is none.
 */
export function isAffordableKey(content: Buffer): boolean {
  try {
    const { N, r, p } = Key.parse(JSON.parse(content.toString()));
    return N > 1 && r > 0 && p > 0 && p <= mostKeyPasses && 128 * N * r <= mostKeyMemoryBytes;
  } catch {
    return false;
  }
}

/** Those of a repository's blobs of a kind whose content has the name it should; damaged ones are undefined. */
async function readAll(objects: Objects, repository: string, type: 'keys' | 'data') {
  const found = new Map<string, Buffer | undefined>();
  const listed = await objects.list(repository, type);
  if (listed.length > mostKeys) throw new Error(`${repository}/${type} lists ${listed.length} files`);
  for (const { name } of listed) {
    const content = await readSmall(objects, { repository, type, name });
    const whole = content !== undefined && hashOf(content) === name && (type === 'data' || isAffordableKey(content));
    found.set(name, whole ? content : undefined);
  }
  return found;
}

const whole = (found: Map<string, Buffer | undefined>) =>
  new Map([...found].filter((entry): entry is [string, Buffer] => entry[1] !== undefined));

/**
 * As keys.ts does in a directory: copies of `config` and key files in a place of their own, `<repository>.keys`, from which a
 * damaged or missing one is put back. The copy of `config` is a blob named by its hash. Returns how many whole keys there are.
 */
export async function keepRemoteKeys(objects: Objects, repository: string): Promise<number> {
  const copies = `${repository}.keys`;
  await objects.make(copies);
  const there = await readAll(objects, repository, 'keys');
  const [keys, copied] = [whole(there), whole(await readAll(objects, copies, 'keys'))];
  for (const [name, content] of copied)
    if (!keys.has(name)) {
      await writeSmall(objects, { repository, type: 'keys', name }, content);
      keys.set(name, content);
    }
  for (const [name, content] of keys)
    if (!copied.has(name)) await writeSmall(objects, { repository: copies, type: 'keys', name }, content);
  const damaged = [...there.keys()].filter((name) => !keys.has(name));
  if (damaged.length > 0)
    throw new BerthError('action_failed', "A key file of the backup location's repository is damaged.", {
      inside: `${repository}/keys: ${damaged.join(', ')}`,
    });
  await keepConfig(objects, repository, copies);
  return keys.size;
}

async function keepConfig(objects: Objects, repository: string, copies: string): Promise<void> {
  const object = { repository, type: 'config' as const };
  const config = await readSmall(objects, object);
  const known = await readAll(objects, copies, 'data');
  if (config !== undefined && (known.size === 0 || known.get(hashOf(config)) !== undefined)) {
    const copy = { repository: copies, type: 'data' as const, name: hashOf(config) };
    if (known.size === 0) await writeSmall(objects, copy, config);
    return;
  }
  const [copy] = whole(known).values();
  if (copy !== undefined) return await writeSmall(objects, object, copy);
  if (config !== undefined && known.has(hashOf(config)))
    return await writeSmall(objects, { repository: copies, type: 'data', name: hashOf(config) }, config);
  throw new BerthError('action_failed', "The backup location's repository is damaged.", {
    inside: `${repository}/config and its copy are both damaged`,
  });
}
