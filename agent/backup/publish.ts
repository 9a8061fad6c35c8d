import { readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { remove, rename } from '../sys/files.ts';

/**
 * Things in a location appear whole or not at all. What is unfinished has this host's id in its name, so that nobody removes
 * what another host is about to publish.
 */
export function createPublisher(hostId: string) {
  const prefix = `.new-${hostId}-`;
  const inTheMaking = new Set<string>();
  const abandoned = (directory: string, names: readonly string[]) =>
    names.filter((name) => name.startsWith(prefix)).map((name) => join(directory, name));
  const removeUnlessMaking = (path: string) => {
    if (!inTheMaking.has(path)) remove('BACKUP:REMOVE-UNFINISHED', path);
  };
  return {
    /** Runs `make` on a name beside `target`, which becomes `target` when all went well. */
    async publish(label: string, target: string, make: (unfinished: string) => Promise<void>): Promise<void> {
      const unfinished = join(dirname(target), `${prefix}${basename(target)}`);
      inTheMaking.add(unfinished);
      try {
        remove('BACKUP:REMOVE-UNFINISHED', unfinished);
        await make(unfinished);
        rename(label, unfinished, target);
      } finally {
        remove('BACKUP:REMOVE-UNFINISHED', unfinished);
        inTheMaking.delete(unfinished);
      }
    },

    /** Removes what an agent of this host left when it was killed. */
    removeAbandoned(directory: string): void {
      for (const path of abandoned(directory, readdirSync(directory))) removeUnlessMaking(path);
    },

    /** The same in every location of a directory. */
    async removeAbandonedBelow(root: string): Promise<void> {
      const namesIn = (path: string) => readdir(path).catch(() => []);
      for (const location of await namesIn(root)) {
        for (const folder of ['tenants', 'layers']) {
          const directory = join(root, location, folder);
          for (const path of abandoned(directory, await namesIn(directory))) removeUnlessMaking(path);
        }
      }
    },
  };
}
