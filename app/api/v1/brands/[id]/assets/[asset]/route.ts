import { removeAsset, setAsset } from '#lib/brands/change.ts';
import { handle } from '#lib/http/route.ts';

export const PUT = handle('brands.setAsset', ({ actor, params, request }) =>
  setAsset(actor, params.id, params.asset, request),
);
export const DELETE = handle('brands.removeAsset', ({ actor, params }) => removeAsset(actor, params.id, params.asset));
