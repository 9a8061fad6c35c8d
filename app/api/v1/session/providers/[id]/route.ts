import { handle } from '#lib/http/route.ts';
import { visitAnswer } from '#lib/identity/answers.ts';
import { beginSignIn } from '#lib/identity/sign-in.ts';

export const POST = handle('session.provider', async ({ params, body, request }) =>
  visitAnswer(await beginSignIn(request.headers, params.id, body.next)),
);
