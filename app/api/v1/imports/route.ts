import { handle } from '#lib/http/route.ts';
import { startImport } from '#lib/transfers/uploads.ts';

export const POST = handle('imports.start', ({ actor, body }) => startImport(actor, body));
