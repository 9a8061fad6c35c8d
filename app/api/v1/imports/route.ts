import { handle } from '#lib/http/route.ts';
import { listUploads, startImport } from '#lib/transfers/uploads.ts';

export const GET = handle('imports.list', ({ actor, query }) => listUploads(actor, query));
export const POST = handle('imports.start', ({ actor, body }) => startImport(actor, body));
