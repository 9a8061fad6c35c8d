import { resetServicePassword } from '#lib/billing/change.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('billing.resetPassword', ({ actor, body }) => resetServicePassword(actor, body));
