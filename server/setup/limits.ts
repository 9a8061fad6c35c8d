import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere, writeFileDurably } from './files.ts';

/** What the limits were before us: purge puts them back. */
export const limitsFile = ({ stateDir }: { stateDir: string }) => join(stateDir, 'host-limits.json');

/**
 * What hundreds of containers need of the kernel they share. inotify instances, keys and neighbour entries are counted for
 * the whole machine (or for root of all containers together) and their defaults are made for one system.
 */
export const wantedLimits = {
  'fs/inotify/max_user_instances': 65_536,
  'fs/inotify/max_user_watches': 1_048_576,
  'fs/inotify/max_queued_events': 65_536,
  'kernel/pid_max': 4_194_304,
  'kernel/keys/maxkeys': 20_000,
  'kernel/keys/maxbytes': 2_000_000,
  'net/ipv4/neigh/default/gc_thresh1': 1_024,
  'net/ipv4/neigh/default/gc_thresh2': 8_192,
  'net/ipv4/neigh/default/gc_thresh3': 16_384,
  'net/ipv4/ip_forward': 1,
} as const;

const StoredLimits = z.record(z.string(), z.object({ before: z.number(), after: z.number() }));
type LimitRecord = z.infer<typeof StoredLimits>;

export type Sysctl = {
  read(key: string): Promise<number | undefined>;
  write(key: string, value: number): Promise<void>;
};

export const kernelSysctl: Sysctl = {
  async read(key) {
    const text = await readIfThere(join('/proc/sys', key));
    return text === undefined ? undefined : Number(text.trim());
  },
  async write(key, value) {
    try {
      await writeFile(join('/proc/sys', key), String(value));
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code === 'EROFS' ? 'is read-only here' : 'does not take it';
      throw new Error(`${key.replaceAll('/', '.')} is to be ${value} and /proc/sys ${why}.`, { cause: error });
    }
  },
};

/** Which limits are to be raised: those that exist and are lower. Never lowers anything. */
export async function limitsToRaise(sysctl: Sysctl): Promise<LimitRecord> {
  const raise: LimitRecord = {};
  for (const [key, after] of Object.entries(wantedLimits)) {
    const before = await sysctl.read(key);
    if (before !== undefined && before < after) raise[key] = { before, after };
  }
  return raise;
}

/** Raises limits; the values found at the very first time stay recorded in `recordFile` for {@link restoreLimits}. */
export async function raiseLimits(recordFile: string, sysctl: Sysctl = kernelSysctl): Promise<LimitRecord> {
  const raise = await limitsToRaise(sysctl);
  const recorded = StoredLimits.parse(JSON.parse((await readIfThere(recordFile)) ?? '{}'));
  // Written before the change: a crash in between must not lose what was there.
  await writeFileDurably(recordFile, `${JSON.stringify({ ...raise, ...recorded }, null, 2)}\n`, { mode: 0o600 });
  for (const [key, { after }] of Object.entries(raise)) await sysctl.write(key, after);
  return raise;
}

/** Gives back what {@link raiseLimits} found, except where somebody has set another value since. */
export async function restoreLimits(recordFile: string, sysctl: Sysctl = kernelSysctl): Promise<string[]> {
  const recorded = StoredLimits.parse(JSON.parse((await readIfThere(recordFile)) ?? '{}'));
  const restored: string[] = [];
  for (const [key, { before, after }] of Object.entries(recorded)) {
    if ((await sysctl.read(key)) !== after) continue;
    await sysctl.write(key, before);
    restored.push(key);
  }
  await rm(recordFile, { force: true });
  return restored;
}
