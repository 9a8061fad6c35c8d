import { listServices } from '#lib/billing/read.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('billing.list', ({ actor, body }) => listServices(actor, body));
