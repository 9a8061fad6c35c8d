import { handle } from '#lib/http/route.ts';
import { buildTemplate } from '#lib/templates/build.ts';
import { listTemplates } from '#lib/templates/list.ts';

export const GET = handle('templates.list', ({ actor, query }) => listTemplates(actor, query));
export const POST = handle('templates.build', ({ actor, body }) => buildTemplate(actor, body));
