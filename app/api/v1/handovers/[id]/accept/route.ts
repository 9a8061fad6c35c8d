import { acceptHandover } from '#lib/handovers/accept.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('handovers.accept', ({ actor, params, body }) => acceptHandover(actor, params.id, body));
