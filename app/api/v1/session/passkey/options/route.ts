import { signInOptions } from '#lib/auth/passkeys.ts';
import { signInNames } from '#lib/brands/names.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('session.passkeyOptions', async ({ visitor, request }) =>
  signInOptions(visitor, await signInNames(request.headers)),
);
