import { liftHold, listHolds, placeHold } from '#lib/holds/holds.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('tenantHolds.list', ({ actor, params }) => listHolds(actor, { tenantId: params.id }));

export const POST = handle('tenantHolds.place', ({ actor, params, body }) =>
  placeHold(actor, { tenantId: params.id }, body),
);

export const DELETE = handle('tenantHolds.lift', async ({ actor, params, query }) => {
  await liftHold(actor, { tenantId: params.id }, query);
  return null;
});
