import { handle } from '#lib/http/route.ts';
import { giveUpImport } from '#lib/transfers/give-up.ts';
import { getUpload } from '#lib/transfers/uploads.ts';

export const GET = handle('imports.get', ({ actor, params }) => getUpload(actor, params.id));
export const DELETE = handle('imports.giveUp', ({ actor, params }) => giveUpImport(actor, params.id));
