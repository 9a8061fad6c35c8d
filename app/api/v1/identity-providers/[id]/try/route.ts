import { handle } from '#lib/http/route.ts';
import { visitAnswer } from '#lib/identity/answers.ts';
import { beginTry } from '#lib/identity/oneself.ts';

export const POST = handle('identityProviders.try', async ({ actor, params, request }) =>
  visitAnswer(await beginTry(actor, request.headers, params.id)),
);
