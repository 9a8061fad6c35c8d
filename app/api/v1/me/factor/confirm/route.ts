import { confirmFactor } from '#lib/auth/factor.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('me.factor.confirm', ({ actor, body }) => confirmFactor(actor, body));
