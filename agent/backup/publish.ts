import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeDirectory, remove, rename } from '../sys/files.ts';

/** Makes a directory and those above it that are missing, each for root alone. */
export function makeMissing(path: string): void {
  if (existsSync(path)) return;
  makeMissing(dirname(path));
  makeDirectory('BACKUP:MKDIR', path);
}

/**
 * Things in a location appear whole or not at all. What is unfinished has this host's id in its name, so that nobody removes
 * what another host is about to publish.
 */
export function createPublisher(hostId: string) {
  const prefix = `.new-${hostId}-`;
  return {
    /** The name beside `target` under which it is made. */
    unfinished: (target: string) => join(dirname(target), `${prefix}${basename(target)}`),

    /** Runs `make` on a name beside `target`, which becomes `target` when all went well. */
    async publish(label: string, target: string, make: (unfinished: string) => Promise<void>): Promise<void> {
      const unfinished = join(dirname(target), `${prefix}${basename(target)}`);
      try {
        remove('BACKUP:REMOVE-UNFINISHED', unfinished);
        await make(unfinished);
        rename(label, unfinished, target);
      } finally {
        remove('BACKUP:REMOVE-UNFINISHED', unfinished);
      }
    },

    /** Removes what an agent of this host left when it was killed: all that is unfinished but what is in the making. */
    removeAbandoned(directory: string, making: readonly string[]): void {
      for (const name of readdirSync(directory).filter((one) => one.startsWith(prefix))) {
        const path = join(directory, name);
        if (!making.includes(path)) remove('BACKUP:REMOVE-UNFINISHED', path);
      }
    },
  };
}
