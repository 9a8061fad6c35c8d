import { verifyAudit } from '#lib/audit/verify.ts';
import { handle } from '#lib/http/route.ts';
import { services } from '#lib/services.ts';

export const POST = handle('audit.verify', ({ actor }) => verifyAudit(actor, services().agents));
