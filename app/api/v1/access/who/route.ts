import { handle } from '#lib/http/route.ts';
import { whoCan } from '#lib/people/who-can.ts';

export const GET = handle('access.who', ({ actor, query }) => whoCan(actor, query));
