import { handle } from '#lib/http/route.ts';
import { removeSnapshot } from '#lib/snapshots/remove.ts';

export const DELETE = handle('snapshots.delete', ({ actor, params }) => removeSnapshot(actor, params.id));
