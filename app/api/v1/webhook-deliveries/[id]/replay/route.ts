import { handle } from '#lib/http/route.ts';
import { replayDelivery } from '#lib/webhooks/deliveries.ts';

export const POST = handle('webhooks.replay', ({ actor, params }) => replayDelivery(actor, params.id));
