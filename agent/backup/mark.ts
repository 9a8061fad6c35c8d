import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupLocation } from '#lib/contract/agent-backups.ts';
import { BerthError } from '#lib/contract/berth-error.ts';
import { makeDirectory, writeDurably, writeOnce } from '../sys/files.ts';
import { syncFile } from '../sys/tree.ts';
import type { createPublisher } from './publish.ts';

type Directory = BackupLocation & { kind: 'directory' };

const memoryIn = (agentDir: string) => join(agentDir, 'backup-locations');

/** Directories of the locations that this host has ever used; looks at nothing but the agent's own files. */
export function rememberedLocations(agentDir: string): Directory[] {
  const memory = memoryIn(agentDir);
  const names = existsSync(memory)
    ? readdirSync(memory).filter((name) => /^[0-9a-f-]{36}-[0-9a-f]{16}$/.test(name))
    : [];
  return names.map((name) => ({
    kind: 'directory',
    id: name.slice(0, 36),
    path: readFileSync(join(memory, name), 'utf8').trim(),
  }));
}

/** A file in the location that says that this directory is the location; what it holds is for people. */
export function markOf({ id, path }: Directory): string {
  return join(path, `.location-${id}`);
}

/**
 * Tells a location whose disk is not mounted from a new one: a directory is marked when it is first used, and this host remembers that it was.
 * Where the mark is missing then, nothing is read (every backup would seem lost), and nothing made anew on the file system below.
 */
export function createMarks(agentDir: string, publisher: ReturnType<typeof createPublisher>) {
  const directory = memoryIn(agentDir);
  /** By place, too: moved by its operator, a location is another to this host. */
  const memoryOf = ({ id, path }: Directory) =>
    join(directory, `${id}-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`);

  return {
    /** Throws `state` for a location that was marked and is not any more. */
    check(location: Directory): void {
      if (existsSync(markOf(location)) || !existsSync(memoryOf(location))) return;
      throw new BerthError(
        'state',
        'The backup location is not there: its directory is another than it was. Its disk may not be mounted.',
        { remedy: 'Mount it and try again.', inside: `${markOf(location)} is missing` },
      );
    },

    /** Marks a location whose directory is there. Whole or not at all: remembered only when the mark is on the disk. */
    async make(location: Directory): Promise<void> {
      const mark = markOf(location);
      if (!existsSync(mark)) {
        await publisher.publish('BACKUP:PUBLISH-MARK', mark, async (unfinished) => {
          writeOnce(
            'BACKUP:MARK',
            unfinished,
            `Backup location ${location.id} of Berth. Keep this file: docs/backup.md.\n`,
          );
          await syncFile('BACKUP:SYNC-MARK', unfinished);
        });
      }
      if (existsSync(memoryOf(location))) return;
      makeDirectory('BACKUP:MKDIR-LOCATIONS', directory);
      writeDurably('BACKUP:REMEMBER-LOCATION', memoryOf(location), `${location.path}\n`);
    },
  };
}
