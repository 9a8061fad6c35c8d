import { removePasskey } from '#lib/auth/passkeys.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('me.passkeys.remove', async ({ actor, params, body }) => {
  await removePasskey(actor, params.id, body.password);
  return null;
});
