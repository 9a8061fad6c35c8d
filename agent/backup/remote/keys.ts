import { createHash } from 'node:crypto';
import { BerthError } from '#lib/contract/errors.ts';
import { bytesOf, readBody } from '../../sys/outbound.ts';
import type { ObjectName, Objects } from './objects.ts';

/** Keys and config have some hundred bytes. */
const mostBytes = 64 * 1024;
export const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export async function readSmall(objects: Objects, object: ObjectName): Promise<Buffer | undefined> {
  const found = await objects.read(object);
  return found === undefined ? undefined : await readBody(found.body, mostBytes);
}

export const writeSmall = (objects: Objects, object: ObjectName, content: Buffer) =>
  objects.write(object, bytesOf(content), hashOf(content));

/** Those of a repository's blobs of a kind whose content has the name it should; damaged ones are undefined. */
async function readAll(objects: Objects, repository: string, type: 'keys' | 'data') {
  const found = new Map<string, Buffer | undefined>();
  for (const { name } of await objects.list(repository, type)) {
    const content = await readSmall(objects, { repository, type, name });
    found.set(name, content !== undefined && hashOf(content) === name ? content : undefined);
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
