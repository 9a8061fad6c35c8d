import { getSecurityPolicy, setSecurityPolicy } from '#lib/auth/factor-policy.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('security.get', ({ actor }) => getSecurityPolicy(actor));

export const PUT = handle('security.set', ({ actor, body }) => setSecurityPolicy(actor, body));
