import { requestAccess } from '#lib/consents/request.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('tickets.requestAccess', ({ actor, params, body }) => requestAccess(actor, params.id, body));
