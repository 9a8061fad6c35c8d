import { handle } from '#lib/http/route.ts';
import { createReseller } from '#lib/resellers/create.ts';
import { listResellers } from '#lib/resellers/list.ts';

export const GET = handle('resellers.list', ({ actor, query }) => listResellers(actor, query));
export const POST = handle('resellers.create', ({ actor, body }) => createReseller(actor, body));
