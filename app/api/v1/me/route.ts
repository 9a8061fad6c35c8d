import { getMe } from '#lib/auth/me.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('me.get', ({ actor }) => getMe(actor));
