import { handle } from '#lib/http/route.ts';
import { getQuota } from '#lib/resellers/get-quota.ts';
import { setQuota } from '#lib/resellers/set-quota.ts';

export const GET = handle('resellers.quota', ({ actor, params }) => getQuota(actor, params.id));
export const PUT = handle('resellers.setQuota', ({ actor, params, body }) => setQuota(actor, params.id, body));
