import { handle } from '#lib/http/route.ts';
import { listDeliveries } from '#lib/webhooks/deliveries.ts';

export const GET = handle('webhooks.deliveries', ({ actor, params, query }) => listDeliveries(actor, params.id, query));
