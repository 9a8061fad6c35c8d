import { stopContainer } from '#lib/containers/stop.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.stop', ({ actor, params, body }) => stopContainer(actor, params.id, body));
