import { agreeToHandover } from '#lib/handovers/decide.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('handovers.agree', ({ actor, params }) => agreeToHandover(actor, params.id));
