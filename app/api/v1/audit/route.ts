import { listAudit } from '#lib/audit/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('audit.list', ({ actor, query }) => listAudit(actor, query));
