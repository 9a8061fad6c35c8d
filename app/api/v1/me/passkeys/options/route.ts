import { passkeyOptions } from '#lib/auth/passkeys.ts';
import { signInNames } from '#lib/brands/names.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('me.passkeys.options', async ({ actor, request }) =>
  passkeyOptions(actor, await signInNames(request.headers)),
);
