import { handle } from '#lib/http/route.ts';
import { updateOutage } from '#lib/outages/declare.ts';

export const POST = handle('outages.update', ({ actor, params, body }) => updateOutage(actor, params.id, body));
