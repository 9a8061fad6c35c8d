import { proveHost } from '#lib/brands/hosts.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('brands.proveHost', ({ actor, params }) => proveHost(actor, params.id, params.hostId));
