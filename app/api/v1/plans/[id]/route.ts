import { handle } from '#lib/http/route.ts';
import { editPlan } from '#lib/plans/edit.ts';
import { getPlan } from '#lib/plans/list.ts';

export const GET = handle('plans.get', ({ actor, params }) => getPlan(actor, params.id));
export const PATCH = handle('plans.edit', ({ actor, params, body }) => editPlan(actor, params.id, body));
