import { renewCookie } from '#lib/auth/next-auth.ts';
import { prove } from '#lib/auth/proof.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('me.prove', async ({ actor, body }) => {
  await prove(actor, body);
  await renewCookie(actor);
  return null;
});
