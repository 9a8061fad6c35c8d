import { and, asc, eq, isNotNull, sql } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { authConfig } from '../auth/config.ts';
import { type MailTemplate, namelessProduct, productName } from '../contract/brands.ts';
import type { Language } from '../contract/language.ts';
import { asActor, type Tx } from '../db/client.ts';
import { brandHosts, brands } from '../db/schema/brands.ts';

/** What a mail to a tenant's people needs of its brand. */
export type MailBrand = {
  /** Null: the provider's own. */
  brandId: string | null;
  product: string;
  /** Where its links lead: a proven name, or the panel's own. Never what a request called us. */
  baseUrl: string;
  mails: Partial<Record<string, MailTemplate>>;
  language: Language | null;
};

/**
 * The brand in which the people of an account are written to; null: the provider's. The transaction must be one that sees the account's
 * reseller: the portal's own, or a provider's. `baseUrl`: the panel's own, for processes that have no other word of it.
 */
export async function mailBrandOf(tx: Tx, tenantId: string | null, baseUrl?: string): Promise<MailBrand> {
  const own = baseUrl ?? authConfig().baseUrl;
  const none = { brandId: null, product: productName, baseUrl: own, mails: {}, language: null };
  if (tenantId === null) return none;
  const { rows } = await tx.execute<{ id: string | null }>(sql`
    select case kind when 'reseller' then id else reseller_id end as id from tenants where id = ${tenantId}`);
  const brandId = rows[0]?.id ?? null;
  if (brandId === null) return none;
  const [row] = await tx
    .select({ productName: brands.productName, mails: brands.mails, language: brands.language })
    .from(brands)
    .where(eq(brands.resellerId, brandId));
  const [host] = await tx
    .select({ host: brandHosts.host })
    .from(brandHosts)
    .where(and(eq(brandHosts.resellerId, brandId), isNotNull(brandHosts.provenAt)))
    .orderBy(asc(brandHosts.provenAt), asc(brandHosts.id))
    .limit(1);
  if (row === undefined && host === undefined) return none;
  return {
    brandId,
    product: row?.productName ?? namelessProduct,
    baseUrl: host === undefined ? own : originFor(host.host, own),
    mails: row?.mails ?? {},
    language: row?.language ?? null,
  };
}

/** What the people of an account know the panel as; the transaction as for {@link mailBrandOf}. */
export async function productOf(tx: Tx, tenantId: string | null): Promise<string> {
  return (await mailBrandOf(tx, tenantId, 'https://panel.invalid')).product; // no address of it is used
}

/** The brand, for verbs whose transaction is a tenant's own. */
export async function mailBrandFor(tenantId: string | null): Promise<MailBrand> {
  return await asActor(systemActor('brand'), (tx) => mailBrandOf(tx, tenantId));
}

/** The panel's own address under another name. */
function originFor(host: string, own: string): string {
  const url = new URL(own);
  url.hostname = host;
  return url.origin;
}
