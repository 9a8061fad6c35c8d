import { handle } from '#lib/http/route.ts';
import { testWebhook } from '#lib/webhooks/deliveries.ts';

export const POST = handle('webhooks.test', ({ actor, params }) => testWebhook(actor, params.id));
