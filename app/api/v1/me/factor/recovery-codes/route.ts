import { renewRecoveryCodes } from '#lib/auth/factor.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('me.factor.renewCodes', ({ actor, body }) => renewRecoveryCodes(actor, body.code));
