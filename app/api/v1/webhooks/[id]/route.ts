import { handle } from '#lib/http/route.ts';
import { deleteWebhook, getWebhook, setWebhook } from '#lib/webhooks/manage.ts';

export const GET = handle('webhooks.get', ({ actor, params }) => getWebhook(actor, params.id));
export const PATCH = handle('webhooks.set', ({ actor, params, body }) => setWebhook(actor, params.id, body));
export const DELETE = handle('webhooks.delete', ({ actor, params }) => deleteWebhook(actor, params.id));
