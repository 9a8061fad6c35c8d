import { handle } from '#lib/http/route.ts';
import { getTemplate } from '#lib/templates/list.ts';
import { offerTemplate } from '#lib/templates/offer.ts';

export const GET = handle('templates.get', ({ actor, params }) => getTemplate(actor, params.id));
export const PATCH = handle('templates.offer', ({ actor, params, body }) => offerTemplate(actor, params.id, body));
