import { handle } from '#lib/http/route.ts';
import { declineTicket } from '#lib/tickets/decide.ts';

export const POST = handle('tickets.decline', ({ actor, params, body }) => declineTicket(actor, params.id, body));
