import { approveEmergency } from '#lib/consents/decide.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('consents.approve', ({ actor, params }) => approveEmergency(actor, params.id));
