import { handle } from '#lib/http/route.ts';
import { readAttachment } from '#lib/tickets/attach.ts';

export const GET = handle('tickets.attachment', ({ actor, params }) =>
  readAttachment(actor, params.id, params.attachmentId),
);
