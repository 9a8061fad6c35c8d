import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory, writeControl } from '../sys/files.ts';
import { signal } from '../sys/process.ts';

/** A control file's content, null when it or its group is not there (or is going away: ENODEV). */
export function readControl(directory: string, file: string): string | null {
  try {
    return readFileSync(join(directory, file), 'utf8').trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENODEV') return null;
    throw error;
  }
}

/**
 * How deep and how many the groups are that a container may make in its own: it names them, and a path of the host may have 4,095 bytes.
 * An init has six levels, one in a container of a container as many again.
 */
const mostBelow = { 'cgroup.max.depth': '15', 'cgroup.max.descendants': '8192' } as const;

/** Keeps what a container makes of its group within what can be found and removed again. For the host's own group above it, on cgroup2. */
export function limitBelow(group: string): void {
  for (const [file, value] of Object.entries(mostBelow)) {
    if (readControl(group, file) !== null) writeControl('CGROUP:LIMIT', join(group, file), value);
  }
}

/** The group and all below it, deepest first. */
export function groupsBelow(directory: string): string[] {
  let entries: { name: string; isDirectory(): boolean }[];
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return [
    ...entries.filter((entry) => entry.isDirectory()).flatMap((entry) => groupsBelow(join(directory, entry.name))),
    directory,
  ];
}

/** Removes a group with all below it. Throws EBUSY when processes are left. */
export function removeGroups(directory: string): void {
  for (const group of groupsBelow(directory)) removeDirectory('CGROUP:REMOVE', group);
}

/** Kills every process of the group and below; what forks meanwhile is found by the next round. */
export function killGroups(directory: string): void {
  for (let round = 0; round < 10; round += 1) {
    const pids = groupsBelow(directory).flatMap((group) =>
      (readControl(group, 'cgroup.procs') ?? '').split('\n').filter((line) => line !== '' && line !== '0'),
    );
    if (pids.length === 0) return;
    for (const pid of pids) signal('CGROUP:KILL', Number(pid), 'SIGKILL');
  }
}

/** Names of the groups directly below. */
export function listGroups(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** The instance's own group goes with its last container. */
export function removeIfEmpty(directory: string): void {
  if (!existsSync(directory) || listGroups(directory).length > 0) return;
  try {
    removeDirectory('CGROUP:REMOVE', directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error; // another container has just been made
  }
}
