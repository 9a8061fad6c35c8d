import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { tryRun } from './run.ts';

/** The version of Berth in a checkout. */
export async function productVersion(root: string): Promise<string> {
  const text = await readFile(join(root, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** The commit that a checkout is at, its first twelve digits; undefined where it is no repository of its own, or there is no git. */
export async function commitOf(root: string): Promise<string | undefined> {
  // Whoever asks may be another user than the one who made the checkout, and what lies above it is none of ours.
  const args = ['-c', `safe.directory=${root}`, '-C', root, 'rev-parse', '--short=12', 'HEAD'];
  const git = await tryRun('git', args, { env: { GIT_CEILING_DIRECTORIES: dirname(root) } }).catch(() => undefined);
  return git?.code === 0 ? git.stdout.trim() : undefined;
}

/** For people: `0.1.0 (commit 0123456789ab)`. */
export const versionWords = ({ version, commit }: { version: string; commit?: string | undefined }) =>
  commit === undefined ? version : `${version} (commit ${commit})`;

/** The oldest versions that are safe and work: older ones lack fixes or fail on current kernels (docs/operating.md). */
export const engineFloors = { runc: '1.3.3', criu: '4.2', restic: '0.16' } as const;
export type EngineTool = keyof typeof engineFloors;

/** The first dotted number in what a program says of itself. Debian's `+ds1` and the like are left out. */
export function versionIn(text: string): string | undefined {
  return /\d+(?:\.\d+)+/.exec(text)?.[0];
}

/** Negative, zero or positive, part by part; a missing part counts as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What is wrong with the found versions, a sentence each; empty when all reach their floors. */
export function belowFloor(found: Record<EngineTool, string>): string[] {
  return (Object.keys(engineFloors) as EngineTool[])
    .filter((tool) => compareVersions(found[tool], engineFloors[tool]) < 0)
    .map((tool) => `${tool} ${found[tool]} is too old: ${engineFloors[tool]} or newer is needed.`);
}
