import { readBackupFile } from '#lib/backups/files.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.readFile', ({ actor, params, query, request }) =>
  readBackupFile(actor, params.id, query.path, request.signal),
);
