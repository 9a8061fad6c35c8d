import { revokeSession } from '#lib/auth/me.ts';
import { handle } from '#lib/http/route.ts';

export const DELETE = handle('me.sessions.revoke', async ({ actor, params }) => {
  await revokeSession(actor, params.id);
  return null;
});
