import { handle } from '#lib/http/route.ts';
import { logoutByProvider } from '#lib/identity/logout.ts';

export const POST = handle('session.providerLogout', ({ params, request }) => logoutByProvider(request, params.id));
