/**
 * What is done with the files of a location's directory, each call one short piece of it. Run in the helper (main.ts) alone: a directory may lie on a
 * file system that does not answer any more, and whoever touches it then stands still, beyond SIGKILL.
 */
import { existsSync, lstatSync, readdirSync, statfsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupLocation } from '#lib/contract/agent-backups.ts';
import { BerthError } from '#lib/contract/berth-error.ts';
import type { Finding } from '#lib/contract/integrity.ts';
import { hashFile, syncFile } from '../../sys/tree.ts';
import { countKeys, keepKeys, ownKey } from '../keys.ts';
import { checkLocation, type Places } from '../location.ts';
import { createMarks } from '../mark.ts';
import { createPublisher, makeMissing, ownHands, removeAbandoned } from '../publish.ts';
import {
  doubtfulSum,
  dropOtherCopies,
  dropSnapshotCopy,
  keepSnapshot,
  mendKeys,
  mendSnapshots,
  removeDamagedLocks,
  removeDamagedSnapshot,
  writeSum,
} from '../whole.ts';

type Directory = BackupLocation & { kind: 'directory' };
export type Surroundings = { agentDir: string; backupRoot: string; hostId: string };

/** Directories above upper/ in a snapshot: those of an agent's own paths, and nothing beside them but the metadata's. */
const mostAbove = 100;

export function createCalls({ agentDir, backupRoot, hostId }: Surroundings) {
  const marks = createMarks(agentDir, createPublisher(hostId));
  return {
    /** Asks the file system itself, not what the kernel remembers of it. */
    pulse(path: string): void {
      statfsSync(path);
      lstatSync(path);
    },

    /** Throws for a location that may not be used, or is not there. */
    check(location: Directory): void {
      checkLocation(location, backupRoot);
      marks.check(location);
    },

    /** Makes what is missing around a repository; tells what there is of it. `making`: what is unfinished and not abandoned. */
    async prepare(location: Directory, places: Places, making: readonly string[]) {
      for (const path of [places.tenants, places.layers]) {
        makeMissing(path);
        removeAbandoned(hostId, path, making);
      }
      await marks.make(location);
      return {
        config: existsSync(join(places.repository, 'config')),
        keyCopies: existsSync(places.keyCopies),
        repository: existsSync(places.repository),
      };
    },

    /** What a dead agent of this host left unfinished, where the location may be used. */
    sweep(location: Directory, making: readonly string[]): void {
      checkLocation(location, backupRoot);
      for (const folder of ['tenants', 'layers']) {
        const path = join(location.path, folder);
        if (existsSync(path)) removeAbandoned(hostId, path, making);
      }
    },

    makeMissing,
    ...ownHands,

    /** Keeps the keys; tells how many there are, and how many locks of others are left. */
    keep(places: Places): { keys: number; locks: number } {
      keepKeys(places);
      removeDamagedLocks(places);
      return { keys: countKeys(places), locks: readdirSync(join(places.repository, 'locks')).length };
    },
    keepKeys: (places: Places): void => keepKeys(places),
    ownKey: (repository: string): string | null => ownKey(repository) ?? null,

    exists: (path: string): boolean => existsSync(path),
    hasAny: (path: string): boolean => readdirSync(path).length > 0,
    /** Null where there is no such file. */
    hash: async (path: string): Promise<string | null> => (existsSync(path) ? `sha256:${await hashFile(path)}` : null),
    sync: (label: string, path: string): Promise<void> => syncFile(label, path),

    doubtfulSum,
    writeSum,
    mendKeys,
    removeDamagedLocks,
    mendSnapshots: (places: Places, ids: readonly string[]): Finding[] => mendSnapshots(places, ids),
    dropOtherCopies: (places: Places, wanted: readonly string[]): void => dropOtherCopies(places, new Set(wanted)),
    keepSnapshot,
    dropSnapshot(places: Places, resticSnapshotId: string): void {
      dropSnapshotCopy(places, resticSnapshotId);
      removeDamagedSnapshot(places, resticSnapshotId);
    },

    upperBelow: async (snapshot: string): Promise<string | null> => (await upperBelow(snapshot)) ?? null,
  };
}

export type Calls = ReturnType<typeof createCalls>;

/** The private area in a snapshot, below the directories it was backed up from. Nothing in it is gone into, no link followed. */
export async function upperBelow(snapshot: string): Promise<string | undefined> {
  const open = [snapshot];
  for (let looked = 0; looked < mostAbove; looked += 1) {
    const folder = open.shift();
    if (folder === undefined) return undefined;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isDirectory()) continue;
      if (entry.name === 'upper') return join(folder, entry.name);
      open.push(join(folder, entry.name));
    }
  }
  return undefined;
}

/** An error as it goes through the pipe: what the runner and the log go by. */
export type Told = {
  message: string;
  code?: string | undefined;
  berth?: {
    code: BerthError['code'];
    detail?: string | undefined;
    remedy?: string | undefined;
    inside?: string | undefined;
  };
};

export function told(error: unknown): Told {
  if (error instanceof BerthError) {
    const { code, detail, inside, outside } = error;
    return { message: error.message, berth: { code, detail, inside, remedy: outside.remedy } };
  }
  if (!(error instanceof Error)) return { message: String(error) };
  return { message: error.message, code: (error as NodeJS.ErrnoException).code };
}

export function untold({ message, code, berth }: Told): Error {
  if (berth === undefined) return Object.assign(new Error(message), code === undefined ? {} : { code });
  const { remedy, inside } = berth;
  return new BerthError(berth.code, berth.detail, {
    ...(remedy === undefined ? {} : { remedy }),
    ...(inside === undefined ? {} : { inside }),
  });
}
