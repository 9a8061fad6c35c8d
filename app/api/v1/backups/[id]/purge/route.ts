import { purgeBackup } from '#lib/backups/remove.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('backups.purge', ({ actor, params, body }) => purgeBackup(actor, params.id, body.password));
