import { createHostToken } from '#lib/hosts/token.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('hosts.token', ({ actor, body }) => createHostToken(actor, body));
