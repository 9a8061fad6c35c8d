import { handle } from '#lib/http/route.ts';
import { addMessage } from '#lib/tickets/message.ts';

export const POST = handle('tickets.message', ({ actor, params, body }) => addMessage(actor, params.id, body));
