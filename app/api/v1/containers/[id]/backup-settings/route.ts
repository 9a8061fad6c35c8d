import { getBackupSettings, setBackupSettings } from '#lib/backups/settings.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.settings', ({ actor, params }) => getBackupSettings(actor, params.id));
export const PUT = handle('backups.setSettings', ({ actor, params, body }) =>
  setBackupSettings(actor, params.id, body),
);
