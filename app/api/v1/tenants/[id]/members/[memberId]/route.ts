import { handle } from '#lib/http/route.ts';
import { changeMember, getMember, removeMember } from '#lib/people/members.ts';

export const GET = handle('members.get', ({ actor, params }) => getMember(actor, params.id, params.memberId));

export const PATCH = handle('members.change', ({ actor, params, body }) =>
  changeMember(actor, params.id, params.memberId, body),
);

export const DELETE = handle('members.remove', async ({ actor, params }) => {
  await removeMember(actor, params.id, params.memberId);
  return null;
});
