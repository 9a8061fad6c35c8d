import { createContainer } from '#lib/containers/create.ts';
import { listContainers } from '#lib/containers/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('containers.list', ({ actor, query }) => listContainers(actor, query));
export const POST = handle('containers.create', ({ actor, body }) => createContainer(actor, body));
