import { proveKey } from '#lib/brands/dkim.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('brands.proveDkim', ({ actor, params }) => proveKey(actor, params.id, params.keyId));
