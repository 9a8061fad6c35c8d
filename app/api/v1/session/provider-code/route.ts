import { signInByProviderCode } from '#lib/auth/next-auth.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('session.providerCode', async ({ body }) => ({
  next: await signInByProviderCode(body.code),
}));
