import { handle } from '#lib/http/route.ts';
import { getUpload } from '#lib/transfers/uploads.ts';

export const GET = handle('imports.get', ({ actor, params }) => getUpload(actor, params.id));
