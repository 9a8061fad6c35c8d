import { unsuspendService } from '#lib/billing/change.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('billing.unsuspend', ({ actor, body }) => unsuspendService(actor, body));
