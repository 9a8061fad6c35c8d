import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.reinstall', ({ actor, params, body }) =>
  reinstallContainer(actor, params.id, body),
);
