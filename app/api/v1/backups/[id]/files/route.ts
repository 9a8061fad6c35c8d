import { listBackupFiles } from '#lib/backups/files.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.files', ({ actor, params, query }) => listBackupFiles(actor, params.id, query));
