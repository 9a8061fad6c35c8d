import { handle } from '#lib/http/route.ts';
import { getTemplate } from '#lib/templates/list.ts';

export const GET = handle('templates.get', ({ actor, params }) => getTemplate(actor, params.id));
