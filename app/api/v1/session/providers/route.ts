import { handle } from '#lib/http/route.ts';
import { offeredProviders } from '#lib/identity/offered.ts';

export const GET = handle('session.providers', async ({ request }) => ({
  items: await offeredProviders(request.headers),
  nextCursor: null,
}));
