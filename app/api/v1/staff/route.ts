import { handle } from '#lib/http/route.ts';
import { addMember } from '#lib/people/invite.ts';
import { listMembers } from '#lib/people/members.ts';

export const GET = handle('staff.list', ({ actor }) => listMembers(actor, null));

export const POST = handle('staff.add', ({ actor, body }) => addMember(actor, null, body));
