import { handle } from '#lib/http/route.ts';
import { escalateTicket } from '#lib/tickets/message.ts';

export const POST = handle('tickets.escalate', ({ actor, params, body }) => escalateTicket(actor, params.id, body));
