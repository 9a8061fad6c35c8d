import { compareBackup } from '#lib/backups/files.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.compare', ({ actor, params, query }) => compareBackup(actor, params.id, query));
