import { liftHold, listHolds, placeHold } from '#lib/holds/holds.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('holds.list', ({ actor, params }) => listHolds(actor, { containerId: params.id }));

export const POST = handle('holds.place', ({ actor, params, body }) =>
  placeHold(actor, { containerId: params.id }, body),
);

export const DELETE = handle('holds.lift', async ({ actor, params, query }) => {
  await liftHold(actor, { containerId: params.id }, query);
  return null;
});
