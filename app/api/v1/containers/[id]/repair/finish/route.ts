import { finishRepair } from '#lib/containers/repair.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.repairFinish', ({ actor, params }) => finishRepair(actor, params.id));
