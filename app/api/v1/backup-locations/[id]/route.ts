import { handle } from '#lib/http/route.ts';
import { changeLocation } from '#lib/locations/change.ts';
import { getLocation } from '#lib/locations/list.ts';
import { removeLocation } from '#lib/locations/remove.ts';

export const GET = handle('locations.get', ({ actor, params }) => getLocation(actor, params.id));
export const PATCH = handle('locations.change', ({ actor, params, body }) => changeLocation(actor, params.id, body));
export const DELETE = handle('locations.remove', async ({ actor, params }) => {
  await removeLocation(actor, params.id);
  return null;
});
