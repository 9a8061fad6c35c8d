import { recoverFiles } from '#lib/containers/recover.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('containers.recover', ({ actor, params, body }) => recoverFiles(actor, params.id, body));
