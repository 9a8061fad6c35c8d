import { handle } from '#lib/http/route.ts';
import { whoAmI } from '#lib/people/whoami.ts';

export const GET = handle('whoami', ({ actor }) => whoAmI(actor));
