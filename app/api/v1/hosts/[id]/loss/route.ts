import { hostLoss } from '#lib/hosts/loss.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('hosts.loss', ({ actor, params }) => hostLoss(actor, params.id));
