import { addKey } from '#lib/brands/dkim.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('brands.addDkim', ({ actor, params }) => addKey(actor, params.id));
