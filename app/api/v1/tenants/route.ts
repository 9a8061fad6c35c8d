import { handle } from '#lib/http/route.ts';
import { createTenant } from '#lib/tenants/create.ts';
import { listTenants } from '#lib/tenants/list.ts';

export const GET = handle('tenants.list', ({ actor, query }) => listTenants(actor, query));
export const POST = handle('tenants.create', ({ actor, body }) => createTenant(actor, body));
