import { terminateService } from '#lib/billing/terminate.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('billing.terminate', ({ actor, body }) => terminateService(actor, body));
