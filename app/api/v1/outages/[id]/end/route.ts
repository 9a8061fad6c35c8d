import { handle } from '#lib/http/route.ts';
import { endOutage } from '#lib/outages/declare.ts';

export const POST = handle('outages.end', ({ actor, params, body }) => endOutage(actor, params.id, body));
