import { handle } from '#lib/http/route.ts';
import { createLocation } from '#lib/locations/create.ts';
import { listLocations } from '#lib/locations/list.ts';

export const GET = handle('locations.list', ({ actor }) => listLocations(actor));
export const POST = handle('locations.create', ({ actor, body }) => createLocation(actor, body));
