import { listLabels } from '#lib/containers/labels.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('labels.list', ({ actor, query }) => listLabels(actor, query));
