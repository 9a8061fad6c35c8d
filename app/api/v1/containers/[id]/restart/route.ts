import { restartContainer } from '#lib/containers/restart.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.restart', ({ actor, params, body }) => restartContainer(actor, params.id, body));
