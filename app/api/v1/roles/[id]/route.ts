import { handle } from '#lib/http/route.ts';
import { changeRole, deleteRole, getRole } from '#lib/people/change-role.ts';

export const GET = handle('roles.get', ({ actor, params }) => getRole(actor, params.id));

export const PATCH = handle('roles.change', ({ actor, params, body }) => changeRole(actor, params.id, body));

export const DELETE = handle('roles.delete', async ({ actor, params }) => {
  await deleteRole(actor, params.id);
  return null;
});
