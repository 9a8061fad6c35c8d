import { handle } from '#lib/http/route.ts';
import { approveTicket } from '#lib/tickets/decide.ts';

export const POST = handle('tickets.approve', ({ actor, params }) => approveTicket(actor, params.id));
