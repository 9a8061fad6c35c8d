import { listChanges } from '#lib/files/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('containers.changes', ({ actor, params, query }) => listChanges(actor, params.id, query));
