import { undeleteContainer } from '#lib/containers/undelete.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.undelete', ({ actor, params, body }) =>
  undeleteContainer(actor, params.id, body),
);
