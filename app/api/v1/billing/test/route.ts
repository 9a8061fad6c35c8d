import { testBilling } from '#lib/billing/read.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('billing.test', ({ actor }) => testBilling(actor));
