import { giveConsent, listConsents } from '#lib/backups/consents.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.consents', ({ actor, params }) => listConsents(actor, params.id));
export const POST = handle('backups.consent', ({ actor, params, body }) => giveConsent(actor, params.id, body));
