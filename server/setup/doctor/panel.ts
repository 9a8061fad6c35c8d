import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { backupFaults, isFresh, readRecord } from '../../panel/record.ts';
import type { SetupContext } from '../context.ts';
import { type Check, fine, verdict } from './check.ts';

/** The authority is made once, with the installation. */
async function installedAt({ paths }: SetupContext): Promise<Date> {
  return new X509Certificate(await readFile(paths.caFile)).validFromDate;
}

/** Backups of the panel itself: made lately, and opened with their key not too long ago. */
export async function panelBackups(context: SetupContext): Promise<Check> {
  const about = {
    id: 'panel-backups',
    why: 'With this machine the panel would be lost: who owns which container, and the keys of all backups.',
  };
  const record = await readRecord(context);
  const faults = backupFaults(record);
  if (record.failed === null && record.verified === null && isFresh(await installedAt(context))) {
    const made = record.backup === null ? 'The first is made at night.' : `Newest of ${record.backup.at}.`;
    return fine(about, `${made} Within a day, see that it opens: "./berth panel verify".`);
  }
  const remedy = [...new Set(faults.map((fault) => fault.remedy))].join(' ');
  return verdict(
    about,
    faults.map((fault) => fault.found),
    `newest of ${record.backup?.at}, verified`,
    remedy,
  );
}
