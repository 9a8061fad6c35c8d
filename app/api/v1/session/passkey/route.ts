import { signInByPasskey } from '#lib/auth/next-auth.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('session.passkey', async ({ body }) => {
  await signInByPasskey(body.response);
  return null;
});
