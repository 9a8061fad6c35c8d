import { requestReset } from '#lib/auth/reset.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('password.requestReset', async ({ body, visitor }) => {
  await requestReset(body, visitor);
  return null;
});
