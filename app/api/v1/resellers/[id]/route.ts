import { handle } from '#lib/http/route.ts';
import { getReseller } from '#lib/resellers/list.ts';

export const GET = handle('resellers.get', ({ actor, params }) => getReseller(actor, params.id));
