import { headers } from 'next/headers';
import { cache } from 'react';
import { brandOf } from '#lib/auth/config.ts';
import { lookOf, plainLook } from '#lib/brands/of.ts';
import type { Look } from '#lib/contract/brands.ts';

/** How this page is to look: the name under which it was asked for decides. Once per request. */
export const lookNow = cache(async (): Promise<Look> => {
  const brand = brandOf(await headers());
  return brand === null ? plainLook : await lookOf(brand);
});
