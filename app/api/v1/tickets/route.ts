import { handle } from '#lib/http/route.ts';
import { createTicket } from '#lib/tickets/create.ts';
import { listTickets } from '#lib/tickets/list.ts';

export const GET = handle('tickets.list', ({ actor, query }) => listTickets(actor, query));
export const POST = handle('tickets.create', ({ actor, body }) => createTicket(actor, body));
