import { handle } from '#lib/http/route.ts';
import { explainAccess } from '#lib/people/explain.ts';

export const GET = handle('access.explain', ({ actor, query }) => explainAccess(actor, query));
