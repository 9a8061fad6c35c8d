import { createService } from '#lib/billing/create.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('billing.create', ({ actor, body }) => createService(actor, body));
