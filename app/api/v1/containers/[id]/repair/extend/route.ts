import { extendRepair } from '#lib/containers/repair.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.repairExtend', ({ actor, params, body }) =>
  extendRepair(actor, params.id, body),
);
