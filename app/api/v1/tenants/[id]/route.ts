import { handle } from '#lib/http/route.ts';
import { getTenant } from '#lib/tenants/list.ts';

export const GET = handle('tenants.get', ({ actor, params }) => getTenant(actor, params.id));
