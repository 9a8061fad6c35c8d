import { exportAudit } from '#lib/audit/export.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('audit.export', ({ actor, query }) => exportAudit(actor, query));
