import { changeFiles } from '#lib/files/change.ts';
import { listFiles } from '#lib/files/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('files.list', ({ actor, params, query }) => listFiles(actor, params.id, query));
export const POST = handle('files.change', ({ actor, params, body }) => changeFiles(actor, params.id, body));
