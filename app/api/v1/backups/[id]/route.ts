import { editBackup } from '#lib/backups/edit.ts';
import { getBackup } from '#lib/backups/list.ts';
import { removeBackup } from '#lib/backups/remove.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.get', ({ actor, params }) => getBackup(actor, params.id));
export const PATCH = handle('backups.edit', ({ actor, params, body }) => editBackup(actor, params.id, body));
export const DELETE = handle('backups.delete', ({ actor, params }) => removeBackup(actor, params.id));
