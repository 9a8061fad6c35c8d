import { handle } from '#lib/http/route.ts';
import { resendInvitation } from '#lib/people/invite.ts';

export const POST = handle('members.resend', ({ actor, params }) =>
  resendInvitation(actor, params.id, params.memberId),
);
