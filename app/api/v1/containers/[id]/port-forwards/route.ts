import { addForward, listForwards } from '#lib/containers/forwards.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('forwards.list', ({ actor, params }) => listForwards(actor, params.id));
export const POST = handle('forwards.create', ({ actor, params, body }) => addForward(actor, params.id, body));
