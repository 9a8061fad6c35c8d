import { handle } from '#lib/http/route.ts';
import { ignoreOrphan } from '#lib/orphans/ignore.ts';

export const POST = handle('orphans.ignore', async ({ actor, params, body }) => {
  await ignoreOrphan(actor, params.id, body.ignored);
  return null;
});
