import { revokeToken } from '#lib/auth/tokens.ts';
import { handle } from '#lib/http/route.ts';

export const DELETE = handle('tokens.revoke', async ({ actor, params }) => {
  await revokeToken(actor, params.id);
  return null;
});
