import { removeBackup } from '#lib/backups/remove.ts';
import { handle } from '#lib/http/route.ts';

export const DELETE = handle('backups.delete', ({ actor, params }) => removeBackup(actor, params.id));
