import { z } from 'zod';
import type { SetupContext } from '../setup/context.ts';
import { readIfThere, writeFileDurably } from '../setup/files.ts';

const Record = z.object({
  /** The newest backup that was made, and the last one that was opened with its key and loaded. */
  backup: z.object({ at: z.iso.datetime(), file: z.string(), bytes: z.int() }).nullable(),
  verified: z.object({ at: z.iso.datetime(), file: z.string() }).nullable(),
  /** Why the last try to make one failed. */
  failed: z.object({ at: z.iso.datetime(), why: z.string() }).nullable(),
});
export type PanelRecord = z.infer<typeof Record>;

/** `<state>/panel-backups.json`: what `doctor` judges the panel's backups by. */
export async function readRecord({ paths }: SetupContext): Promise<PanelRecord> {
  const text = await readIfThere(paths.panelRecord);
  return text === undefined ? { backup: null, verified: null, failed: null } : Record.parse(JSON.parse(text));
}

export async function writeRecord(context: SetupContext, change: Partial<PanelRecord>): Promise<void> {
  const record = { ...(await readRecord(context)), ...change };
  await writeFileDurably(context.paths.panelRecord, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o644 });
}

const hourMs = 3_600_000;
/** A nightly backup that was missed once is worth a word; one that nobody has opened for so long may be worth nothing. */
const oldAfterMs = 50 * hourMs;
const verifyEveryMs = 100 * 24 * hourMs;

/** The first nightly backup has been made by then. */
const freshForMs = 26 * hourMs;

/** Whether an installation is so young that its first backup, and the look at it, are still to come. Pure. */
export function isFresh(installedAt: Date, now = Date.now()): boolean {
  return now - installedAt.getTime() < freshForMs;
}

/** What is wrong with the panel's backups, a sentence each with its remedy; empty when nothing is. Pure. */
export function backupFaults(record: PanelRecord, now = Date.now()): { found: string; remedy: string }[] {
  const { backup, verified, failed } = record;
  const remedy = 'Run "./berth panel backup".';
  if (backup === null) {
    return [{ found: failed === null ? 'none was made yet' : `none could be made: ${failed.why}`, remedy }];
  }
  const faults: { found: string; remedy: string }[] = [];
  const days = (at: string) => Math.floor((now - Date.parse(at)) / (24 * hourMs));
  if (now - Date.parse(backup.at) > oldAfterMs) {
    const why = failed !== null && failed.at > backup.at ? `; the last try failed: ${failed.why}` : '';
    faults.push({ found: `the newest is ${days(backup.at)} days old${why}`, remedy });
  }
  const check = 'Run "./berth panel verify" with the recovery key.';
  if (verified === null) faults.push({ found: 'none was ever verified', remedy: check });
  else if (now - Date.parse(verified.at) > verifyEveryMs) {
    faults.push({ found: `the last was verified ${days(verified.at)} days ago`, remedy: check });
  }
  return faults;
}
