import { handle } from '#lib/http/route.ts';
import { changeMember, getMember, removeMember } from '#lib/people/members.ts';

export const GET = handle('staff.get', ({ actor, params }) => getMember(actor, null, params.memberId));

export const PATCH = handle('staff.change', ({ actor, params, body }) =>
  changeMember(actor, null, params.memberId, body),
);

export const DELETE = handle('staff.remove', async ({ actor, params }) => {
  await removeMember(actor, null, params.memberId);
  return null;
});
