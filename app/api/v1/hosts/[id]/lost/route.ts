import { loseHost, reuseHost } from '#lib/hosts/lose.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('hosts.lose', ({ actor, params, body }) => loseHost(actor, params.id, body));
export const DELETE = handle('hosts.reuse', async ({ actor, params }) => {
  await reuseHost(actor, params.id);
  return null;
});
