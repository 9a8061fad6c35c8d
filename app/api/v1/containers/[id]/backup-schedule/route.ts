import { getBackupSchedule, setBackupSchedule } from '#lib/backups/schedule.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.schedule', ({ actor, params }) => getBackupSchedule(actor, params.id));
export const PUT = handle('backups.setSchedule', ({ actor, params, body }) =>
  setBackupSchedule(actor, params.id, body),
);
