import { handle } from '#lib/http/route.ts';
import { rollBack } from '#lib/snapshots/rollback.ts';

export const POST = handle('snapshots.rollback', ({ actor, params, body }) => rollBack(actor, params.id, body));
