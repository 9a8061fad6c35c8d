import { startContainer } from '#lib/containers/start.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.start', ({ actor, params }) => startContainer(actor, params.id));
