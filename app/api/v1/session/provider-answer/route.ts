import { signInByProvider } from '#lib/auth/next-auth.ts';
import { handle } from '#lib/http/route.ts';
import { leadOn } from '#lib/identity/answers.ts';

export const GET = handle('session.providerAnswer', async ({ actor, request }) =>
  leadOn(await signInByProvider(new URL(request.url).search, actor)),
);
