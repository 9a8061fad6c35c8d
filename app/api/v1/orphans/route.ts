import { handle } from '#lib/http/route.ts';
import { listOrphans } from '#lib/orphans/list.ts';

export const GET = handle('orphans.list', ({ actor }) => listOrphans(actor));
