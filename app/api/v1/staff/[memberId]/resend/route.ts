import { handle } from '#lib/http/route.ts';
import { resendInvitation } from '#lib/people/invite.ts';

export const POST = handle('staff.resend', ({ actor, params }) => resendInvitation(actor, null, params.memberId));
