import { handle } from '#lib/http/route.ts';
import { adoptOrphan } from '#lib/orphans/adopt.ts';

export const POST = handle('orphans.adopt', ({ actor, params, body }) => adoptOrphan(actor, params.id, body));
