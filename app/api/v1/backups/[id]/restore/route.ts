import { restoreBackup } from '#lib/backups/restore.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('backups.restore', ({ actor, params }) => restoreBackup(actor, params.id));
