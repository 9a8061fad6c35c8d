/** Which brand a tenant, a person or a host name belongs to. Asked with the portal's eyes: nobody knows of a brand what is not shown to all. */
import { and, asc, eq, isNotNull, sql } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { authConfig } from '../auth/config.ts';
import { type Look, type MailTemplate, productName } from '../contract/brands.ts';
import { asActor, type Tx } from '../db/client.ts';
import { brandAssetRows, brandHosts, brands } from '../db/schema/brands.ts';
import { styleOf } from './colours.ts';

const system = systemActor('brand');

export const plainLook: Look = {
  ...{ productName, style: '', logo: null, favicon: null, supportUrl: null, legalUrl: null, signInText: '' },
};

/** Whose name a host is, if it is proven. */
export async function brandOfHost(host: string): Promise<string | null> {
  const [row] = await asActor(system, (tx) =>
    tx
      .select({ resellerId: brandHosts.resellerId })
      .from(brandHosts)
      .where(and(eq(brandHosts.host, host), isNotNull(brandHosts.provenAt))),
  );
  return row?.resellerId ?? null;
}

/** Whether a tenant's people belong to a brand: the reseller's own, and those of its tenants. */
export async function isOfBrand(tenantId: string | null, resellerId: string): Promise<boolean> {
  if (tenantId === null) return false;
  if (tenantId === resellerId) return true;
  const { rows } = await asActor(system, (tx) =>
    tx.execute<{ fits: boolean }>(
      sql`select true as fits from tenants where id = ${tenantId} and reseller_id = ${resellerId}`,
    ),
  );
  return rows.length > 0;
}

const shown = {
  resellerId: brands.resellerId,
  productName: brands.productName,
  supportUrl: brands.supportUrl,
  legalUrl: brands.legalUrl,
  signInText: brands.signInText,
  colours: brands.colours,
  mails: brands.mails,
};

/** What pages under a brand's name show. A reseller that has a name and no brand yet is shown without anybody's. */
export async function lookOf(resellerId: string): Promise<Look> {
  return await asActor(system, async (tx) => {
    const [row] = await tx.select(shown).from(brands).where(eq(brands.resellerId, resellerId));
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
      productName: row?.productName ?? 'Panel',
      style: styleOf(row?.colours ?? null),
      logo: any === null ? null : { light: light ?? any, dark: dark ?? any },
      favicon: address('favicon'),
      supportUrl: row?.supportUrl ?? null,
      legalUrl: row?.legalUrl ?? null,
      signInText: row?.signInText ?? '',
    };
  });
}

/** What a mail to a tenant's people needs of its brand. */
export type MailBrand = {
  brandId: string | null;
  product: string;
  /** Where its links lead: a proven name, or the panel's own. Never what a request called us. */
  baseUrl: string;
  mails: Partial<Record<string, MailTemplate>>;
};

/** The brand in which a tenant is written to. `baseUrl`: the panel's own, for processes that have no other word of it. */
export async function mailBrandOf(tx: Tx, tenantId: string | null, baseUrl?: string): Promise<MailBrand> {
  const own = baseUrl ?? authConfig().baseUrl;
  const none = { brandId: null, product: productName, baseUrl: own, mails: {} };
  if (tenantId === null) return none;
  const { rows } = await tx.execute<{ id: string | null }>(sql`
    select case kind when 'reseller' then id else reseller_id end as id from tenants where id = ${tenantId}`);
  const brandId = rows[0]?.id ?? null;
  if (brandId === null) return none;
  const [row] = await tx.select(shown).from(brands).where(eq(brands.resellerId, brandId));
  const [host] = await tx
    .select({ host: brandHosts.host })
    .from(brandHosts)
    .where(and(eq(brandHosts.resellerId, brandId), isNotNull(brandHosts.provenAt)))
    .orderBy(asc(brandHosts.provenAt))
    .limit(1);
  if (row === undefined && host === undefined) return none;
  return {
    brandId,
    product: row?.productName ?? 'Panel',
    baseUrl: host === undefined ? own : originFor(host.host, own),
    mails: row?.mails ?? {},
  };
}

/** The panel's own address under another name. */
export function originFor(host: string, own: string): string {
  const url = new URL(own);
  url.hostname = host;
  return url.origin;
}
