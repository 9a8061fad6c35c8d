import { addPasskey } from '#lib/auth/passkeys.ts';
import { signInNames } from '#lib/brands/names.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('me.passkeys.add', async ({ actor, body, request }) =>
  addPasskey(actor, body, await signInNames(request.headers)),
);
