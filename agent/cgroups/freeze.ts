import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeControl } from '../sys/files.ts';
import { readControl } from './tree.ts';

/** How one version of control groups stops a group: the file, its two words, and when it is done. */
export type Freezer = { file: string; freeze: string; thaw: string; isFrozen(directory: string): boolean };

/** cgroup-v2.rst, cgroup.freeze; cgroup-v1/freezer-subsystem.rst. */
export const freezers: Record<'v1' | 'v2', Freezer> = {
  v1: {
    ...{ file: 'freezer.state', freeze: 'FROZEN', thaw: 'THAWED' },
    isFrozen: (directory) => readControl(directory, 'freezer.state') === 'FROZEN',
  },
  v2: {
    ...{ file: 'cgroup.freeze', freeze: '1', thaw: '0' },
    isFrozen: (directory) => /^frozen 1$/m.test(readControl(directory, 'cgroup.events') ?? ''),
  },
};

/** A process in the middle of something the kernel cannot interrupt is waited for this long. */
const patienceMs = 10_000;

export async function freezeGroup(freezer: Freezer, directory: string): Promise<void> {
  writeControl('CGROUP:FREEZE', join(directory, freezer.file), freezer.freeze);
  for (const end = performance.now() + patienceMs; !freezer.isFrozen(directory); await sleep(5)) {
    if (performance.now() < end) continue;
    thawGroup(freezer, directory);
    throw new Error(`the processes of ${directory} do not stand still`);
  }
}

/** False when it was not frozen, or is not there. */
export function thawGroup(freezer: Freezer, directory: string): boolean {
  const file = join(directory, freezer.file);
  if (!existsSync(file)) return false;
  const frozen = freezer.isFrozen(directory);
  writeControl('CGROUP:THAW', file, freezer.thaw);
  return frozen;
}
