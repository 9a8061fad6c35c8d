import { turnOffFactor } from '#lib/auth/factor.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('me.factor.turnOff', async ({ actor, body }) => {
  await turnOffFactor(actor, body);
  return null;
});
