import { killContainer } from '#lib/containers/kill.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.kill', ({ actor, params }) => killContainer(actor, params.id));
