import { listHosts } from '#lib/hosts/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('hosts.list', ({ actor, query }) => listHosts(actor, query));
