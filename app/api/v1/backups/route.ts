import { listAllBackups } from '#lib/backups/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.listAll', ({ actor, query }) => listAllBackups(actor, query));
