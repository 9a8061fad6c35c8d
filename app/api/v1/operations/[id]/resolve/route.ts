import { handle } from '#lib/http/route.ts';
import { resolveOperation } from '#lib/operations/resolve.ts';

export const POST = handle('operations.resolve', ({ actor, params, body }) => resolveOperation(actor, params.id, body));
