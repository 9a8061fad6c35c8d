import { brandOf } from '#lib/auth/config.ts';
import { assetAnswer } from '#lib/brands/asset.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('brands.asset', ({ params, request }) => assetAnswer(brandOf(request.headers), params.asset));
