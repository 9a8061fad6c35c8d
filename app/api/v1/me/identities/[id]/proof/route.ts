import { handle } from '#lib/http/route.ts';
import { visitAnswer } from '#lib/identity/answers.ts';
import { beginProof } from '#lib/identity/oneself.ts';

export const POST = handle('me.proveBy', async ({ actor, params, request }) =>
  visitAnswer(await beginProof(actor, request.headers, params.id)),
);
