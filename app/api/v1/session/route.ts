import { endOwnSession } from '#lib/auth/me.ts';
import { clearCookie, signIn, signInByLink } from '#lib/auth/next-auth.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('session.create', async ({ body }) => {
  if ('link' in body) await signInByLink(body.link);
  else await signIn(body.email, body.password, body.code);
  return null;
});

export const DELETE = handle('session.delete', async ({ actor }) => {
  await endOwnSession(actor);
  await clearCookie();
  return null;
});
