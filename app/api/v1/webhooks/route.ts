import { handle } from '#lib/http/route.ts';
import { createWebhook, listWebhooks } from '#lib/webhooks/manage.ts';

export const GET = handle('webhooks.list', ({ actor, query }) => listWebhooks(actor, query));
export const POST = handle('webhooks.create', ({ actor, body }) => createWebhook(actor, body));
