import { declineHandover } from '#lib/handovers/decide.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('handovers.decline', ({ actor, params }) => declineHandover(actor, params.id));
