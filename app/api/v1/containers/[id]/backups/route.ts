import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.list', ({ actor, params, query }) => listBackups(actor, params.id, query));
export const POST = handle('backups.create', ({ actor, params, body }) => createBackup(actor, params.id, body));
