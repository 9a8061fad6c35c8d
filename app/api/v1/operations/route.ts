import { handle } from '#lib/http/route.ts';
import { listOperations } from '#lib/operations/list.ts';

export const GET = handle('operations.list', ({ actor, query }) => listOperations(actor, query));
