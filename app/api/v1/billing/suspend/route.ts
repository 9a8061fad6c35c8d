import { suspendService } from '#lib/billing/change.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('billing.suspend', ({ actor, body }) => suspendService(actor, body));
