import { handle } from '#lib/http/route.ts';
import { offerTemplates } from '#lib/resellers/offer.ts';

export const PUT = handle('resellers.offer', ({ actor, params, body }) => offerTemplates(actor, params.id, body));
