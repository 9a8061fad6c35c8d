import { readContainerLog } from '#lib/containers/log.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('containers.log', ({ actor, params }) => readContainerLog(actor, params.id));
