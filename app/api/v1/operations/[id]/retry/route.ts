import { handle } from '#lib/http/route.ts';
import { retryOperation } from '#lib/operations/retry.ts';

export const POST = handle('operations.retry', ({ actor, params }) => retryOperation(actor, params.id));
