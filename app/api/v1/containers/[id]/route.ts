import { getContainer } from '#lib/containers/get.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('containers.get', ({ actor, params }) => getContainer(actor, params.id));
export const DELETE = handle('containers.delete', ({ actor, params }) => removeContainer(actor, params.id));
