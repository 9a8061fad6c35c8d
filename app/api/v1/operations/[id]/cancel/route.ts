import { handle } from '#lib/http/route.ts';
import { cancelOperation } from '#lib/operations/cancel.ts';

export const POST = handle('operations.cancel', ({ actor, params }) => cancelOperation(actor, params.id));
