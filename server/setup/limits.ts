import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readIfThere, writeFileDurably } from './files.ts';
import { withFileLock } from './lock.ts';

/** What the limits were before us, and for which installations they are raised: the machine's, as they are, and like them gone after a reboot. */
export const machineRecord = '/run/berth-host-limits.json';

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
} as const;

const Limits = z.record(z.string(), z.object({ before: z.number(), after: z.number() }));
type Limits = z.infer<typeof Limits>;
/** `users`: state directories. */
const LimitRecord = z.object({ users: z.array(z.string()), limits: Limits });

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
export async function limitsToRaise(sysctl: Sysctl): Promise<Limits> {
  const raise: Limits = {};
  for (const [key, after] of Object.entries(wantedLimits)) {
    const before = await sysctl.read(key);
    if (before !== undefined && before < after) raise[key] = { before, after };
  }
  return raise;
}

type Place = { sysctl?: Sysctl; record?: string };

/** Raises limits for an installation. What was found at the very first time stays recorded for {@link restoreLimits}. */
export async function raiseLimits(stateDir: string, place: Place = {}): Promise<Limits> {
  const { sysctl = kernelSysctl, record = machineRecord } = place;
  return await alone(record, async () => {
    const { users, limits } = await read(record);
    const raise = await limitsToRaise(sysctl);
    // Written before the change: a crash in between must not lose what was there.
    await write(record, { users: [...new Set([...users, stateDir])], limits: { ...raise, ...limits } });
    for (const [key, { after }] of Object.entries(raise)) await sysctl.write(key, after);
    return raise;
  });
}

/**
 * Gives back what {@link raiseLimits} found, except where somebody has set another value since, and unless another installation of this
 * machine still lives by it: then that one gives it back.
 */
export async function restoreLimits(stateDir: string, place: Place = {}): Promise<string[]> {
  const { sysctl = kernelSysctl, record = machineRecord } = place;
  return await alone(record, async () => {
    const { limits } = await read(record);
    const others = await otherInstallations(stateDir, record);
    if (others.length > 0) {
      await write(record, { users: others, limits });
      return [];
    }
    const restored: string[] = [];
    for (const [key, { before, after }] of Object.entries(limits)) {
      if ((await sysctl.read(key)) !== after) continue;
      await sysctl.write(key, before);
      restored.push(key);
    }
    await rm(record, { force: true });
    return restored;
  });
}

/** State directories of the other installations that have been started on this machine since its own start, and that are still there. */
export async function otherInstallations(stateDir: string, record = machineRecord): Promise<string[]> {
  return (await read(record)).users.filter((one) => one !== stateDir && existsSync(join(one, 'config.json')));
}

/** The lock is on the directory, which is there anyway: a file made for it would stay when the last installation is gone. */
const alone = <T>(record: string, work: () => Promise<T>) => withFileLock(dirname(record), work);

async function read(record: string): Promise<z.infer<typeof LimitRecord>> {
  const text = await readIfThere(record);
  return text === undefined ? { users: [], limits: {} } : LimitRecord.parse(JSON.parse(text));
}

const write = (record: string, content: z.infer<typeof LimitRecord>) =>
  writeFileDurably(record, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
