import { addHost } from '#lib/brands/hosts.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('brands.addHost', ({ actor, params, body }) => addHost(actor, params.id, body));
