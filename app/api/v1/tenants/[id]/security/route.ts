import { getAccountSecurity, setAccountSecurity } from '#lib/auth/factor-policy.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('tenants.security', ({ actor, params }) => getAccountSecurity(actor, params.id));

export const PUT = handle('tenants.setSecurity', ({ actor, params, body }) =>
  setAccountSecurity(actor, params.id, body),
);
