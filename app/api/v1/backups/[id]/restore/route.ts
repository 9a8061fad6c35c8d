import { restoreBackup } from '#lib/backups/restore.ts';
import { restoreFilesOfBackup } from '#lib/backups/restore-files.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('backups.restore', ({ actor, params, body }) =>
  body.paths !== undefined
    ? restoreFilesOfBackup(actor, params.id, body)
    : restoreBackup(actor, params.id, { release: body.release }),
);
