import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeDirectory, remove, rename } from '../sys/files.ts';

/** Makes a directory and those above it that are missing, each for root alone. */
export function makeMissing(path: string): void {
  if (existsSync(path)) return;
  makeMissing(dirname(path));
  makeDirectory('BACKUP:MKDIR', path);
}

/** What touches the directory that something is published in. */
export type Hands = {
  discard(unfinished: string): void | Promise<void>;
  place(label: string, unfinished: string, target: string): void | Promise<void>;
};
/** This process itself. */
export const ownHands = {
  discard: (unfinished: string): void => remove('BACKUP:REMOVE-UNFINISHED', unfinished),
  place: (label: string, unfinished: string, target: string): void => rename(label, unfinished, target),
};

/** What is unfinished has this host's id in its name, so that nobody removes what another host is making in the same location. */
const unfinishedPrefix = (hostId: string) => `.new-${hostId}-`;

/** Things in a location appear whole or not at all. `making`: the names that are being made now. */
export function createPublisher(hostId: string, { discard, place }: Hands = ownHands, making = new Set<string>()) {
  return {
    /** Runs `make` on a name beside `target`, which becomes `target` when all went well. */
    async publish(label: string, target: string, make: (unfinished: string) => Promise<void>): Promise<void> {
      const unfinished = join(dirname(target), `${unfinishedPrefix(hostId)}${basename(target)}`);
      making.add(unfinished);
      try {
        await discard(unfinished);
        await make(unfinished);
        await place(label, unfinished, target);
      } finally {
        try {
          await discard(unfinished);
        } finally {
          making.delete(unfinished);
        }
      }
    },
  };
}

/** Removes what an agent of this host left when it was killed: all that is unfinished but what is being made. */
export function removeAbandoned(hostId: string, directory: string, making: readonly string[]): void {
  for (const name of readdirSync(directory).filter((one) => one.startsWith(unfinishedPrefix(hostId)))) {
    const path = join(directory, name);
    if (!making.includes(path)) ownHands.discard(path);
  }
}
