import { removeForward } from '#lib/containers/forwards.ts';
import { handle } from '#lib/http/route.ts';

export const DELETE = handle('forwards.delete', ({ actor, params }) =>
  removeForward(actor, params.id, params.forwardId),
);
