import { handle } from '#lib/http/route.ts';
import { addMember } from '#lib/people/invite.ts';
import { listMembers } from '#lib/people/members.ts';

export const GET = handle('members.list', ({ actor, params }) => listMembers(actor, params.id));

export const POST = handle('members.add', ({ actor, params, body }) => addMember(actor, params.id, body));
