import { listConsents } from '#lib/consents/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('consents.list', ({ actor, query }) => listConsents(actor, query));
