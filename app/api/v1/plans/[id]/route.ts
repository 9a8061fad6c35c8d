import { handle } from '#lib/http/route.ts';
import { editPlan } from '#lib/plans/edit.ts';

export const PATCH = handle('plans.edit', ({ actor, params, body }) => editPlan(actor, params.id, body));
