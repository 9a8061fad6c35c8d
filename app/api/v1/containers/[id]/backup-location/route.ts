import { handle } from '#lib/http/route.ts';
import { chooseForContainer } from '#lib/locations/choose.ts';

export const PUT = handle('containers.location', async ({ actor, params, body }) => {
  await chooseForContainer(actor, params.id, body.locationId);
  return null;
});
