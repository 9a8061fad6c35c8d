import { handle } from '#lib/http/route.ts';
import { changeMember, removeMember } from '#lib/people/members.ts';

export const PATCH = handle('members.change', ({ actor, params, body }) =>
  changeMember(actor, params.id, params.memberId, body),
);

export const DELETE = handle('members.remove', async ({ actor, params }) => {
  await removeMember(actor, params.id, params.memberId);
  return null;
});
