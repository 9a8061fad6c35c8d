import { repairContainer } from '#lib/containers/repair.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.repair', ({ actor, params, body }) => repairContainer(actor, params.id, body));
