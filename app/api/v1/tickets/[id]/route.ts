import { handle } from '#lib/http/route.ts';
import { getTicket } from '#lib/tickets/get.ts';

export const GET = handle('tickets.get', ({ actor, params }) => getTicket(actor, params.id));
