import { backupFaults, readRecord } from '../../panel/record.ts';
import type { SetupContext } from '../context.ts';
import { type Check, verdict } from './check.ts';

/** Backups of the panel itself: made lately, and opened with their key not too long ago. */
export async function panelBackups(context: SetupContext): Promise<Check> {
  const about = {
    id: 'panel-backups',
    why: 'With this machine the panel would be lost: who owns which container, and the keys of all backups.',
  };
  const record = await readRecord(context);
  const faults = backupFaults(record);
  const remedy = [...new Set(faults.map((fault) => fault.remedy))].join(' ');
  return verdict(
    about,
    faults.map((fault) => fault.found),
    `newest of ${record.backup?.at}, verified`,
    remedy,
  );
}
