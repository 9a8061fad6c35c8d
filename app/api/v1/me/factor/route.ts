import { getFactor, startFactor } from '#lib/auth/factor.ts';
import { signInNames } from '#lib/brands/names.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('me.factor.get', async ({ actor, request }) =>
  getFactor(actor, await signInNames(request.headers)),
);

export const POST = handle('me.factor.start', async ({ actor, body, request }) =>
  startFactor(actor, body, await signInNames(request.headers)),
);
