import { handle } from '#lib/http/route.ts';
import { resetFactor } from '#lib/people/reset-factor.ts';

export const POST = handle('people.resetFactor', async ({ actor, params }) => {
  await resetFactor(actor, params.id);
  return null;
});
