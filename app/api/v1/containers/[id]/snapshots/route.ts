import { handle } from '#lib/http/route.ts';
import { createSnapshot } from '#lib/snapshots/create.ts';
import { listSnapshots } from '#lib/snapshots/list.ts';

export const GET = handle('snapshots.list', ({ actor, params, query }) => listSnapshots(actor, params.id, query));
export const POST = handle('snapshots.create', ({ actor, params, body }) => createSnapshot(actor, params.id, body));
