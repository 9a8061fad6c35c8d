import { withdrawHandover } from '#lib/handovers/decide.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('handovers.withdraw', ({ actor, params }) => withdrawHandover(actor, params.id));
