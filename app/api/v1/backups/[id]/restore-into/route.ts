import { restoreBackupInto } from '#lib/backups/restore-into.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('backups.restoreInto', ({ actor, params, body }) =>
  restoreBackupInto(actor, params.id, body),
);
