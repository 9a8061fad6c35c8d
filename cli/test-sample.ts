/** The long suites in parts of a few minutes, as measured on two quiet cores. What is left out is for `--full` alone. */
export type Part = { name: string; files: string; env: Record<string, string>; minutes: number };

const parts = (files: string, of: number, minutes: number, env: Record<string, string> = {}): Part[] =>
  Array.from({ length: of }, (_, n) => ({
    name: of === 1 ? files : `${files} ${n + 1}/${of}`,
    files: `tests/long/${files}`,
    env: of === 1 ? env : { ...env, BERTH_SHARD: `${n + 1}/${of}` },
    minutes,
  }));

const machine = (release: string, minutes: number): Part => ({
  name: `machine ${release}`,
  files: 'tests/long/machine',
  env: { BERTH_MACHINES: release },
  minutes,
});

export const longParts: readonly Part[] = [
  machine('debian-12', 7),
  machine('debian-13', 5),
  ...parts('disks', 1, 5),
  ...parts('doctor', 1, 3),
  ...parts('secrets', 1, 3),
  ...parts('workers/cuts', 2, 3),
  ...parts('workers/kills', 4, 5),
  ...parts('races', 16, 2),
  ...parts('sagas', 10, 3),
  ...parts('panel', 3, 4, { BERTH_ROUNDS: '4' }),
  ...parts('leaks', 1, 5, { BERTH_LEAK_LIVES: '60', BERTH_LEAK_BACKUPS: '10' }),
  ...parts('life', 1, 5),
  ...parts('crash/crash', 24, 6),
  ...parts('crash/failures', 8, 6),
  ...parts('backup/fidelity', 1, 2),
  ...parts('backup/under-load', 1, 2, { BERTH_ROUNDS: '6' }),
  ...parts('upgrade/clock', 1, 3),
  ...parts('upgrade/upgrade', 1, 9),
  ...parts('load', 1, 6, { BERTH_LOAD_MINUTES: '2', BERTH_LOAD_PEOPLE: '100', BERTH_LOAD_CONTAINERS: '30' }),
];

/**
 * What of it is run on a day, within so many minutes: the days go through all of it in turn, a part that does not fit any more gives
 * its place to later ones. Pure.
 */
export function sampleOf(all: readonly Part[], day: number, budgetMinutes: number): Part[] {
  const chosen: Part[] = [];
  let left = budgetMinutes;
  // A step that shares no factor with the length meets every part, and mixes long suites with short ones.
  const step = [7, 11, 13, 1].find((n) => all.length % n !== 0 || n === 1) ?? 1;
  for (let n = 0; n < all.length; n += 1) {
    const part = all[(day + n * step) % all.length];
    if (part === undefined || part.minutes > left) continue;
    chosen.push(part);
    left -= part.minutes;
  }
  return chosen;
}

/** 1 on the first of January, UTC. */
export function dayOfYear(now = new Date()): number {
  return Math.floor((now.getTime() - Date.UTC(now.getUTCFullYear(), 0, 0)) / 86_400_000);
}
