import { getBrand, setBrand } from '#lib/brands/change.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('brands.get', ({ actor, params }) => getBrand(actor, params.id));
export const PUT = handle('brands.set', ({ actor, params, body }) => setBrand(actor, params.id, body));
