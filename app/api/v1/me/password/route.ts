import { changePassword } from '#lib/auth/me.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('me.password', async ({ actor, body }) => {
  await changePassword(actor, body);
  return null;
});
