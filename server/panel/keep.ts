import type { SetupContext } from '../setup/context.ts';
import { renewServiceCertificates, rotateGrantKeys } from '../setup/rotation.ts';
import { copyCertificates } from '../tls/copies.ts';
import { backUpPanel } from './backup.ts';
import { readRecipient } from './key.ts';
import { type PanelRecord, readRecord } from './record.ts';

type Log = {
  info(detail: Record<string, unknown>, message: string): void;
  error(detail: Record<string, unknown>, message: string): void;
};

const hourMs = 3_600_000;
const defaultHour = 2;

/** Whether the backup of the last night is still to be made. Pure. `hour` is UTC; null: never by itself. */
export function backupDue(record: PanelRecord, hour: number | null, now: Date): boolean {
  if (hour === null) return false;
  const slot = new Date(now);
  slot.setUTCHours(hour, 0, 0, 0);
  if (slot > now) slot.setUTCDate(slot.getUTCDate() - 1);
  if (record.backup !== null && Date.parse(record.backup.at) >= slot.getTime()) return false;
  // After a failure once an hour: a full disk is not helped by trying each minute.
  return record.failed === null || now.getTime() - Date.parse(record.failed.at) >= hourMs;
}

let lastFaults = '';

/** Certificates that the operator renewed are taken up; what is wrong with one is told once, and by doctor. */
async function followOperator(context: SetupContext, log: Log): Promise<void> {
  const { changed, faults } = await copyCertificates(context);
  if (changed.length > 0) log.info({ changed }, 'certificates of the operator');
  const said = JSON.stringify(faults);
  if (faults.length > 0 && said !== lastFaults) log.error({ faults }, 'certificates that cannot be served');
  lastFaults = said;
}

/** One turn of the keeper: whatever is due now. */
export async function keep(context: SetupContext, log: Log, now = new Date()): Promise<void> {
  const renewed = await renewServiceCertificates(context, now);
  if (renewed.length > 0) log.info({ renewed }, 'new certificates');
  await rotateGrantKeys(context, now);
  await followOperator(context, log);
  const hour = context.config.panelBackup?.hour;
  const due = backupDue(await readRecord(context), hour === undefined ? defaultHour : hour, now);
  if (!due || (await readRecipient(context)) === undefined) return;
  await backUpPanel(context).then(
    (file) => log.info({ file }, 'the panel is backed up'),
    (error: unknown) => log.error({ err: error }, 'the panel could not be backed up'),
  );
}
