import { handle } from '#lib/http/route.ts';
import { createRole, listRoles } from '#lib/people/roles.ts';

export const GET = handle('roles.list', ({ actor }) => listRoles(actor));

export const POST = handle('roles.create', ({ actor, body }) => createRole(actor, body));
