import { revokeConsent } from '#lib/consents/decide.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('consents.revoke', ({ actor, params }) => revokeConsent(actor, params.id));
