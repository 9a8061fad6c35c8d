import { handle } from '#lib/http/route.ts';
import { downloadExport } from '#lib/transfers/download.ts';

export const GET = handle('exports.content', ({ actor, params, request }) => downloadExport(actor, params.id, request));
