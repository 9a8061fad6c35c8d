import { changeServicePlan } from '#lib/billing/change.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('billing.changePlan', ({ actor, body }) => changeServicePlan(actor, body));
