import { grantConsent } from '#lib/consents/decide.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('consents.grant', ({ actor, params, body }) => grantConsent(actor, params.id, body));
