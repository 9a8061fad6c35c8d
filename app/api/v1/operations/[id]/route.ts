import { handle } from '#lib/http/route.ts';
import { getOperation } from '#lib/operations/get.ts';

export const GET = handle('operations.get', ({ actor, params }) => getOperation(actor, params.id));
