import { getHandover } from '#lib/handovers/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('handovers.get', ({ actor, params }) => getHandover(actor, params.id));
