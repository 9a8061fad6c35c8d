import { setAccess } from '#lib/containers/access.ts';
import { handle } from '#lib/http/route.ts';

export const PUT = handle('containers.access', ({ actor, params, body }) => setAccess(actor, params.id, body));
