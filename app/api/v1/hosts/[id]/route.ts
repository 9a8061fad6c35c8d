import { getHost } from '#lib/hosts/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('hosts.get', ({ actor, params }) => getHost(actor, params.id));
