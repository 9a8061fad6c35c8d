import { dropKey } from '#lib/brands/dkim.ts';
import { handle } from '#lib/http/route.ts';

export const DELETE = handle('brands.dropDkim', ({ actor, params }) => dropKey(actor, params.id, params.keyId));
