import { handle } from '#lib/http/route.ts';
import { undoOperation } from '#lib/operations/undo.ts';

export const POST = handle('operations.undo', ({ actor, params, body }) => undoOperation(actor, params.id, body));
