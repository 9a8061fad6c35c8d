import { execInContainer } from '#lib/containers/exec.ts';
import { whileInside } from '#lib/containers/while-inside.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.exec', ({ actor, params, body }) =>
  whileInside(actor, params.id, 'container.exec', (ended) => execInContainer(actor, params.id, body, ended)),
);
