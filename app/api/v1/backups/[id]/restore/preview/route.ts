import { previewRestore } from '#lib/backups/files.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('backups.previewRestore', ({ actor, params, body }) =>
  previewRestore(actor, params.id, body),
);
