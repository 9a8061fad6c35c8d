import { editBackup } from '#lib/backups/edit.ts';
import { removeBackup } from '#lib/backups/remove.ts';
import { handle } from '#lib/http/route.ts';

export const PATCH = handle('backups.edit', ({ actor, params, body }) => editBackup(actor, params.id, body));
export const DELETE = handle('backups.delete', ({ actor, params }) => removeBackup(actor, params.id));
