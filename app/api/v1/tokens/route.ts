import { createToken, listTokens } from '#lib/auth/tokens.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('tokens.list', ({ actor, query }) => listTokens(actor, query));

export const POST = handle('tokens.create', ({ actor, body }) => createToken(actor, body));
