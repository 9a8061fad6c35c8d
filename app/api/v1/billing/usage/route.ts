import { servicesUsage } from '#lib/billing/read.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('billing.usage', ({ actor, body }) => servicesUsage(actor, body));
