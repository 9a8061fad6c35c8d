import { cloneContainer } from '#lib/containers/clone.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.clone', ({ actor, params, body }) => cloneContainer(actor, params.id, body));
