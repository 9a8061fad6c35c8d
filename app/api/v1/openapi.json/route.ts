import { brandOf } from '#lib/auth/config.ts';
import { lookOf, plainLook } from '#lib/brands/of.ts';
import { openapiDocument } from '#lib/http/openapi.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('openapi.get', async ({ request }) => {
  const brand = brandOf(request.headers);
  const { productName } = brand === null ? plainLook : await lookOf(brand);
  return openapiDocument('1', productName);
});
