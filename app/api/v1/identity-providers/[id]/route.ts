import { handle } from '#lib/http/route.ts';
import { getProvider, removeProvider, setProvider } from '#lib/identity/manage.ts';

export const GET = handle('identityProviders.get', ({ actor, params }) => getProvider(actor, params.id));

export const PUT = handle('identityProviders.set', ({ actor, params, body }) => setProvider(actor, params.id, body));

export const DELETE = handle('identityProviders.remove', ({ actor, params }) => removeProvider(actor, params.id));
