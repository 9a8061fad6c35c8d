import { withdrawConsent } from '#lib/consents/decide.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('consents.withdraw', ({ actor, params }) => withdrawConsent(actor, params.id));
