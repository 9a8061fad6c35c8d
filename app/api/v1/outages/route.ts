import { handle } from '#lib/http/route.ts';
import { declareOutage } from '#lib/outages/declare.ts';
import { listOutages } from '#lib/outages/list.ts';

export const GET = handle('outages.list', ({ actor, query }) => listOutages(actor, query));
export const POST = handle('outages.declare', ({ actor, body }) => declareOutage(actor, body));
