import { handle } from '#lib/http/route.ts';
import { createPlan } from '#lib/plans/create.ts';
import { listPlans } from '#lib/plans/list.ts';

export const GET = handle('plans.list', ({ actor, query }) => listPlans(actor, query));
export const POST = handle('plans.create', ({ actor, body }) => createPlan(actor, body));
