import { handle } from '#lib/http/route.ts';
import { acceptInvitation } from '#lib/people/invite.ts';

export const POST = handle('invitations.accept', async ({ body, visitor, actor }) => {
  await acceptInvitation(body, visitor, actor);
  return null;
});
