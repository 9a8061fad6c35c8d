import { dropHost } from '#lib/brands/hosts.ts';
import { handle } from '#lib/http/route.ts';

export const DELETE = handle('brands.dropHost', ({ actor, params }) => dropHost(actor, params.id, params.hostId));
