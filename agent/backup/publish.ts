import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { remove, rename } from '../sys/files.ts';

/**
 * Things in a location appear whole or not at all. What is unfinished has this host's id in its name, so that nobody removes
 * what another host is about to publish.
 */
export function createPublisher(hostId: string) {
  const prefix = `.new-${hostId}-`;
  const inTheMaking = new Set<string>();
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
      for (const name of readdirSync(directory).filter((name) => name.startsWith(prefix)))
        if (!inTheMaking.has(join(directory, name))) remove('BACKUP:REMOVE-UNFINISHED', join(directory, name));
    },
  };
}
