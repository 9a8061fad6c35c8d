import { setLanguage } from '#lib/auth/me.ts';
import { handle } from '#lib/http/route.ts';

export const PUT = handle('me.setLanguage', async ({ actor, body }) => {
  await setLanguage(actor, body.language);
  return null;
});
