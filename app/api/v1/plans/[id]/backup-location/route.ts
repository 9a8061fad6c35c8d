import { handle } from '#lib/http/route.ts';
import { chooseForPlan } from '#lib/locations/choose.ts';

export const PUT = handle('plans.location', ({ actor, params, body }) =>
  chooseForPlan(actor, params.id, body.locationId),
);
