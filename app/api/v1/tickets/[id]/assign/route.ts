import { handle } from '#lib/http/route.ts';
import { assignTicket } from '#lib/tickets/message.ts';

export const POST = handle('tickets.assign', ({ actor, params, body }) => assignTicket(actor, params.id, body));
