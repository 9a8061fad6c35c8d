import { handle } from '#lib/http/route.ts';
import { sendUpload } from '#lib/transfers/uploads.ts';

export const PUT = handle('imports.write', ({ actor, params, query, request }) =>
  sendUpload(actor, params.id, query.offset, request),
);
