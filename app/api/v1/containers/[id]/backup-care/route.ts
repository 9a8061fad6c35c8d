import { getBackupCare, setBackupCare } from '#lib/backups/care.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.care', ({ actor, params }) => getBackupCare(actor, params.id));
export const PUT = handle('backups.setCare', ({ actor, params, body }) => setBackupCare(actor, params.id, body));
