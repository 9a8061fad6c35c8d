import { checkBackups, getBackupCheck } from '#lib/backups/check.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.check', ({ actor, params }) => getBackupCheck(actor, params.id));
export const POST = handle('backups.checkNow', ({ actor, params }) => checkBackups(actor, params.id));
