import { handle } from '#lib/http/route.ts';
import { closeTicket } from '#lib/tickets/message.ts';

export const POST = handle('tickets.close', ({ actor, params, body }) => closeTicket(actor, params.id, body));
