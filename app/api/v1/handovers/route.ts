import { listHandovers } from '#lib/handovers/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('handovers.list', ({ actor, query }) => listHandovers(actor, query));
