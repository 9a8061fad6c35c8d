import { handle } from '#lib/http/route.ts';
import { visitAnswer } from '#lib/identity/answers.ts';
import { beginLink, listIdentities } from '#lib/identity/oneself.ts';

export const GET = handle('me.identities.list', ({ actor, request }) => listIdentities(actor, request.headers));

export const POST = handle('me.identities.begin', async ({ actor, body, request }) =>
  visitAnswer(await beginLink(actor, request.headers, body.providerId)),
);
