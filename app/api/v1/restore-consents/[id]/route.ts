import { revokeConsent } from '#lib/backups/consents.ts';
import { handle } from '#lib/http/route.ts';

export const DELETE = handle('backups.revokeConsent', ({ actor, params }) => revokeConsent(actor, params.id));
