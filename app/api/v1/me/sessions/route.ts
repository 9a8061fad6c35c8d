import { revokeAllSessions } from '#lib/auth/me.ts';
import { handle } from '#lib/http/route.ts';

export const DELETE = handle('me.sessions.revokeAll', async ({ actor }) => {
  await revokeAllSessions(actor);
  return null;
});
