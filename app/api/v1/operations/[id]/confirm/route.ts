import { handle } from '#lib/http/route.ts';
import { confirmOperation } from '#lib/operations/confirm.ts';

export const POST = handle('operations.confirm', ({ actor, params }) => confirmOperation(actor, params.id));
