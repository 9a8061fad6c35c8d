/** The bench's parts, and how their rows become a table and a file. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { benchBackup } from './backup.ts';
import { benchLifecycle } from './lifecycle.ts';
import { type Row, table } from './measure.ts';
import { benchOperations } from './operations.ts';
import { benchPages } from './pages.ts';
import { benchProfile } from './profile.ts';
import { benchFolder, benchSnapshot } from './snapshot.ts';
import { benchStorm } from './storm.ts';
import { benchSystemd } from './systemd.ts';

type Say = (text: string) => void;
/** `quick` measures less often: to see that it works, not to know. */
type Part = (say: Say, quick: boolean) => Promise<Row[]>;

export const parts: Record<string, Part> = {
  tiny: (say, quick) => benchLifecycle(say, { rounds: quick ? 3 : 15 }),
  profile: (say, quick) => benchProfile(say, { rounds: quick ? 4 : 20 }),
  operations: (say, quick) => benchOperations(say, { rounds: quick ? 5 : 40 }),
  freeze: (say, quick) => benchSnapshot(say, { files: 20_000, rounds: quick ? 5 : 20 }),
  folder: (say, quick) => benchFolder(say, { entries: 100_000, rounds: quick ? 3 : 10 }),
  backup: (say, quick) => benchBackup(say, { rounds: quick ? 1 : 5 }),
  storm: (say, quick) => benchStorm(say, { containers: quick ? 10 : 50 }),
  systemd: (say, quick) => benchSystemd(say, { rounds: quick ? 1 : 5 }),
  lists: (say, quick) => benchPages(say, { seconds: quick ? 2 : 8 }),
};

export type Report = {
  at: string;
  machine: { kernel: string; cores: number; loadBefore: number; loadAfter: number };
  revision: string;
  rows: Row[];
  failed: { part: string; why: string }[];
};

/** Runs the parts one after another; one that fails is told of and the others go on. */
export async function bench(options: { only?: readonly string[]; quick: boolean; say: Say }): Promise<Report> {
  const unknown = options.only?.find((name) => !(name in parts));
  if (unknown !== undefined)
    throw new Error(`There is no part ${unknown}. There are: ${Object.keys(parts).join(', ')}.`);
  const loadBefore = loadavg()[0] ?? 0;
  const [rows, failed]: [Row[], Report['failed']] = [[], []];
  for (const [name, part] of Object.entries(parts)) {
    if (options.only !== undefined && !options.only.includes(name)) continue;
    try {
      rows.push(...(await part((text) => options.say(`${name}: ${text}`), options.quick)));
    } catch (error) {
      failed.push({ part: name, why: error instanceof Error ? error.message : String(error) });
      options.say(`${name}: failed: ${failed.at(-1)?.why}`);
    }
  }
  const machine = { kernel: release(), cores: cpus().length, loadBefore, loadAfter: loadavg()[0] ?? 0 };
  return { at: new Date().toISOString(), machine, revision: revision(), rows, failed };
}

function revision(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return 'unknown';
  }
}

export function save(report: Report, file: string): void {
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`);
}

export function show(report: Report, before: string | undefined): string {
  const earlier = before === undefined ? [] : (JSON.parse(readFileSync(before, 'utf8')) as Report).rows;
  return table(report.rows, earlier);
}
