/** Whose a host name is, and how pages under it look. Asked with the portal's eyes, before anybody is known. */
import { and, eq, isNotNull } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { type Look, namelessProduct, productName } from '../contract/brands.ts';
import type { Language } from '../contract/language.ts';
import { asActor } from '../db/client.ts';
import { brandAssetRows, brandHosts, brands } from '../db/schema/brands.ts';
import { styleOf } from './colours.ts';

const system = systemActor('brand');

export const plainLook: Look = {
  ...{
    productName,
    style: '',
    logo: null,
    favicon: null,
    supportUrl: null,
    legalUrl: null,
    signInText: '',
    language: null,
  },
};

/** Whose name a host is, if it is proven, and what is spoken there. */
export async function brandOfHost(host: string): Promise<{ id: string; language: Language | null } | null> {
  const [row] = await asActor(system, (tx) =>
    tx
      .select({ id: brandHosts.resellerId, language: brands.language })
      .from(brandHosts)
      .leftJoin(brands, eq(brands.resellerId, brandHosts.resellerId))
      .where(and(eq(brandHosts.host, host), isNotNull(brandHosts.provenAt))),
  );
  return row ?? null;
}

/** What pages show of a brand, besides its pictures. */
export const shownOnPages = {
  productName: brands.productName,
  supportUrl: brands.supportUrl,
  legalUrl: brands.legalUrl,
  signInText: brands.signInText,
  colours: brands.colours,
  language: brands.language,
};

/** What pages under a brand's name show. A reseller that has a name and no brand yet is shown without anybody's. */
export async function lookOf(resellerId: string): Promise<Look> {
  return await asActor(system, async (tx) => {
    const [row] = await tx.select(shownOnPages).from(brands).where(eq(brands.resellerId, resellerId));
    const assets = await tx
      .select({ asset: brandAssetRows.asset, hash: brandAssetRows.hash })
      .from(brandAssetRows)
      .where(eq(brandAssetRows.resellerId, resellerId));
    const address = (name: string) => {
      const found = assets.find((one) => one.asset === name);
      return found === undefined ? null : `/api/v1/brand/assets/${name}?v=${found.hash.slice(0, 12)}`;
    };
    const [light, dark] = [address('light'), address('dark')];
    const any = light ?? dark;
    return {
      productName: row?.productName ?? namelessProduct,
      style: styleOf(row?.colours ?? null),
      logo: any === null ? null : { light: light ?? any, dark: dark ?? any },
      favicon: address('favicon'),
      supportUrl: row?.supportUrl ?? null,
      legalUrl: row?.legalUrl ?? null,
      signInText: row?.signInText ?? '',
      language: row?.language ?? null,
    };
  });
}
