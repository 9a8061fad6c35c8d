import { redeemReset } from '#lib/auth/reset.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('password.redeemReset', async ({ body, visitor }) => {
  await redeemReset(body, visitor);
  return null;
});
