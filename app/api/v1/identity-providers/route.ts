import { handle } from '#lib/http/route.ts';
import { createProvider, listProviders } from '#lib/identity/manage.ts';

export const GET = handle('identityProviders.list', ({ actor, query }) =>
  listProviders(actor, query.resellerId ?? null),
);

export const POST = handle('identityProviders.create', ({ actor, body }) => createProvider(actor, body));
