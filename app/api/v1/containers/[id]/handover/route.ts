import { offerHandover } from '#lib/handovers/offer.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('handovers.offer', ({ actor, params, body }) => offerHandover(actor, params.id, body));
