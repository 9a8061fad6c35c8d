import { setRestartPolicy } from '#lib/containers/restart-policy.ts';
import { handle } from '#lib/http/route.ts';

export const PUT = handle('containers.restartPolicy', ({ actor, params, body }) =>
  setRestartPolicy(actor, params.id, body),
);
