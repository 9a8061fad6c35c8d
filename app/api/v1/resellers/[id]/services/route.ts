import { resellerServices } from '#lib/billing/read.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('resellers.services', ({ actor, params, query }) =>
  resellerServices(actor, params.id, query),
);
