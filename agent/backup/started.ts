import { readFileSync } from 'node:fs';
import { writeDurably } from '../sys/files.ts';

/** How many are remembered: far more than a host has under way, and small enough to write whole. */
const limit = 200;

/**
 * Which backups this agent has begun to upload, newest first, on disk before the upload begins. A backup that is begun again after the
 * agent was killed may have left a snapshot; to ask restic costs a process (0.7 s), and is needed for no other.
 */
export function createStarted(file: string): { has(backupId: string): boolean; add(backupId: string): void } {
  const read = (): string[] => {
    try {
      return readFileSync(file, 'utf8').split('\n').filter(Boolean);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };
  return {
    has: (backupId) => read().includes(backupId),
    add(backupId) {
      const others = read().filter((one) => one !== backupId);
      writeDurably('BACKUP:STARTED', file, `${[backupId, ...others].slice(0, limit).join('\n')}\n`);
    },
  };
}
