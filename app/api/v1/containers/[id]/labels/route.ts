import { changeLabels, setLabels } from '#lib/containers/labels.ts';
import { handle } from '#lib/http/route.ts';

export const PUT = handle('containers.labels', ({ actor, params, body }) => setLabels(actor, params.id, body));

export const PATCH = handle('containers.changeLabels', ({ actor, params, body }) =>
  changeLabels(actor, params.id, body),
);
