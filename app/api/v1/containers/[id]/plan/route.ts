import { configureContainer } from '#lib/containers/configure.ts';
import { handle } from '#lib/http/route.ts';

export const PUT = handle('containers.configure', ({ actor, params, body }) =>
  configureContainer(actor, params.id, body),
);
