import { and, eq } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import type { BrandAsset } from '../contract/brands.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor } from '../db/client.ts';
import { brandAssetRows } from '../db/schema/brands.ts';

/** A picture as everybody under the brand's name may see it. Its address changes with it, so it may be kept. */
export async function assetAnswer(brand: string | null, asset: BrandAsset): Promise<Response> {
  if (brand === null) throw new BerthError('not_found');
  const [row] = await asActor(systemActor('brand'), (tx) =>
    tx
      .select({ png: brandAssetRows.png })
      .from(brandAssetRows)
      .where(and(eq(brandAssetRows.resellerId, brand), eq(brandAssetRows.asset, asset))),
  );
  if (row === undefined) throw new BerthError('not_found');
  return new Response(new Uint8Array(row.png), {
    headers: { 'content-type': 'image/png', 'cache-control': 'public, max-age=86400' },
  });
}
