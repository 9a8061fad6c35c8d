import { setTimeout as wait } from 'node:timers/promises';
import type { Finding } from '#lib/contract/integrity.ts';
import { hashOf, readSmall } from './keys.ts';
import type { ObjectName, Objects } from './objects.ts';

/** A repository has a few at a time; no more than these are read. */
const mostLocks = 100;
/** One that is being written shows as damaged until it is whole. */
const lookAgainMs = 2000;

/**
 * A lock whose content is damaged cannot be anybody's, and keeps everybody out: restic stops at it, and `unlock` leaves it. Also where hosts may delete
 * nothing else: locks they must be able to take away.
 */
export async function removeDamagedLocks(objects: Objects, repository: string): Promise<Finding[]> {
  const suspected = await damagedAmong(objects, repository, await listed(objects, repository));
  if (suspected.length === 0) return [];
  await wait(lookAgainMs);
  const damaged = await damagedAmong(objects, repository, suspected);
  for (const name of damaged) await objects.remove({ repository, type: 'locks', name });
  return damaged.map((name) => ({ what: 'lock', name, healed: 'yes' }));
}

const listed = async (objects: Objects, repository: string) =>
  (await objects.list(repository, 'locks')).slice(0, mostLocks).map(({ name }) => name);

async function damagedAmong(objects: Objects, repository: string, names: readonly string[]): Promise<string[]> {
  const damaged: string[] = [];
  for (const name of names) {
    const object: ObjectName = { repository, type: 'locks', name };
    const content = await readSmall(objects, object);
    if (content !== undefined && hashOf(content) !== name) damaged.push(name);
  }
  return damaged;
}
