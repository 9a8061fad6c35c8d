import { handle } from '#lib/http/route.ts';
import { attachFile } from '#lib/tickets/attach.ts';

export const POST = handle('tickets.attach', ({ actor, params, query, request }) =>
  attachFile(actor, params.id, query, request),
);
