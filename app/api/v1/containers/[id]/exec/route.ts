import { execInContainer } from '#lib/containers/exec.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.exec', ({ actor, params, body }) => execInContainer(actor, params.id, body));
