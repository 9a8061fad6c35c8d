import { askHost } from '#lib/brands/hosts.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('brands.ask', ({ query }) => askHost(query.domain));
