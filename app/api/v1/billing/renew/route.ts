import { renewService } from '#lib/billing/change.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('billing.renew', ({ actor, body }) => renewService(actor, body));
