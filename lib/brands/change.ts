import { createHash } from 'node:crypto';
import { and, asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import {
  assetLimitBytes,
  type Brand,
  type BrandAsset,
  type MailPreview,
  type PreviewMail,
  productName,
  type SetBrand,
  type Smtp,
} from '../contract/brands.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor, type Tx } from '../db/client.ts';
import { brandAssetRows, brandHosts, brands } from '../db/schema/brands.ts';
import { takeTurn } from '../db/turn.ts';
import { readLimited } from '../http/body.ts';
import { refuseStale } from '../http/edition.ts';
import { resellerFor } from '../resellers/get-quota.ts';
import { sealLasting } from '../secrets/sealed-values.ts';
import { refuseUnreadable } from './colours.ts';
import { keysOf } from './dkim.ts';
import { presentHost } from './hosts.ts';
import { fill, refuseBadTemplates, sampleFacts } from './mails.ts';
import { shownOnPages } from './of.ts';
import { cleanPng } from './png.ts';

const mostPixelsAside: Record<BrandAsset, number> = { light: 1024, dark: 1024, favicon: 256 };
const tooLarge = `A picture has at most ${assetLimitBytes / 1024} KB.`;
const unsigned = 'Mails leave through the provider’s server, from its address.';
const envelope = 'Mails leave through the provider’s server, whose name stands in their technical headers.';
const shown = { ...shownOnPages, sender: brands.sender, mails: brands.mails };

/** A reseller's brand as it can be changed; as long as nobody has, the panel's own look. */
export async function getBrand(actor: Actor, resellerId: string): Promise<Brand> {
  authorize(actor, 'brand.read', ofTenant(resellerId));
  return await asActor(actor, async (tx) => {
    await resellerFor(tx, resellerId);
    return await presentBrand(tx, resellerId);
  });
}

async function presentBrand(tx: Tx, resellerId: string): Promise<Brand> {
  const [row] = await tx.select(shown).from(brands).where(eq(brands.resellerId, resellerId));
  const hosts = await tx
    .select()
    .from(brandHosts)
    .where(eq(brandHosts.resellerId, resellerId))
    .orderBy(asc(brandHosts.createdAt));
  const assets = await tx
    .select({ asset: brandAssetRows.asset, png: brandAssetRows.png })
    .from(brandAssetRows)
    .where(eq(brandAssetRows.resellerId, resellerId));
  const dkim = await keysOf(tx, resellerId);
  const signed = dkim.find((one) => one.signs);
  const size = (name: BrandAsset) => assets.find((one) => one.asset === name)?.png.length ?? null;
  const none = {
    productName,
    supportUrl: null,
    legalUrl: null,
    signInText: '',
    colours: null,
    sender: null,
    mails: {},
    language: null,
  };
  const gaps = [
    ...(row === undefined ? ['No brand is set: tenants see the panel’s own name.'] : []),
    ...(hosts.some((one) => one.provenAt !== null)
      ? []
      : ['No name is proven: links in mails lead to the provider’s.']),
    ...(row?.sender?.smtp ? [] : [signed === undefined ? unsigned : envelope]),
  ];
  return {
    resellerId,
    ...(row ?? none),
    assets: { light: size('light'), dark: size('dark'), favicon: size('favicon') },
    hosts: hosts.map(presentHost),
    dkim,
    gaps,
  };
}

/** Sets it as a whole. Throws `invalid` for colours that cannot be read and mails that would not say what they are sent for. */
export async function setBrand(actor: Actor, resellerId: string, input: SetBrand): Promise<Brand> {
  authorize(actor, 'brand.change', ofTenant(resellerId));
  refuseUnreadable(input.colours);
  refuseBadTemplates(input.mails);
  const { smtpPassword, ...words } = input;
  const secret =
    words.sender?.smtp == null
      ? { sealedSmtpPassword: null }
      : smtpPassword === undefined
        ? {}
        : { sealedSmtpPassword: sealLasting(smtpPassword, `brand:${resellerId}`) };
  return await asActor(actor, async (tx) => {
    const reseller = await resellerFor(tx, resellerId);
    // Whoever sets it at the same time comes after.
    await takeTurn(tx, `brand:${resellerId}`);
    await refuseStale('brand', () => presentBrand(tx, resellerId));
    const [before] = await tx.select(shown).from(brands).where(eq(brands.resellerId, resellerId));
    refuseForeignPassword(before?.sender?.smtp ?? null, input);
    const set = { ...words, ...secret, updatedAt: new Date() };
    await tx
      .insert(brands)
      .values({ resellerId, ...set })
      .onConflictDoUpdate({ target: brands.resellerId, set });
    await writeAudit(tx, actor, {
      ...{ verb: 'brand.change', tenantId: resellerId, targetKind: 'reseller', targetId: resellerId },
      targetName: reseller.name,
      before: before ?? {},
      after: words,
      detail: { mailPasswordChanged: smtpPassword !== undefined },
    });
    return await presentBrand(tx, resellerId);
  });
}

/** A password that is kept goes where it was typed for: who names another server types it again. */
function refuseForeignPassword(before: Smtp | null, { sender, smtpPassword }: SetBrand): void {
  const smtp = sender?.smtp ?? null;
  if (smtp === null || smtp.user === '' || smtpPassword !== undefined) return;
  if (before !== null && before.host === smtp.host && before.port === smtp.port && before.user === smtp.user) return;
  const message = 'is needed: it is kept for the server and the user it was typed for';
  throw new BerthError('invalid', undefined, { issues: [{ path: 'smtpPassword', message }] });
}

/** Puts a picture in place, made anew from its pixels. */
export async function setAsset(actor: Actor, resellerId: string, asset: BrandAsset, request: Request): Promise<Brand> {
  authorize(actor, 'brand.change', ofTenant(resellerId));
  const png = cleanPng(await readLimited(request.body, assetLimitBytes, tooLarge), mostPixelsAside[asset]);
  return await asActor(actor, async (tx) => {
    const reseller = await resellerFor(tx, resellerId);
    const hash = createHash('sha256').update(png).digest('hex');
    await tx
      .insert(brandAssetRows)
      .values({ resellerId, asset, png, hash })
      .onConflictDoUpdate({ target: [brandAssetRows.resellerId, brandAssetRows.asset], set: { png, hash } });
    await writeAudit(tx, actor, {
      ...{ verb: 'brand.change', tenantId: resellerId, targetKind: 'reseller', targetId: resellerId },
      targetName: reseller.name,
      detail: { picture: asset, bytes: png.length },
    });
    return await presentBrand(tx, resellerId);
  });
}

export async function removeAsset(actor: Actor, resellerId: string, asset: BrandAsset): Promise<Brand> {
  authorize(actor, 'brand.change', ofTenant(resellerId));
  return await asActor(actor, async (tx) => {
    const reseller = await resellerFor(tx, resellerId);
    await tx
      .delete(brandAssetRows)
      .where(and(eq(brandAssetRows.resellerId, resellerId), eq(brandAssetRows.asset, asset)));
    await writeAudit(tx, actor, {
      ...{ verb: 'brand.change', tenantId: resellerId, targetKind: 'reseller', targetId: resellerId },
      targetName: reseller.name,
      detail: { pictureRemoved: asset },
    });
    return await presentBrand(tx, resellerId);
  });
}

/** How a mail would look. Nothing is sent and nothing is kept. */
export async function previewMail(
  actor: Actor,
  resellerId: string,
  { kind, template }: z.infer<typeof PreviewMail>,
): Promise<z.infer<typeof MailPreview>> {
  authorize(actor, 'brand.change', ofTenant(resellerId));
  refuseBadTemplates({ [kind]: template });
  const { productName: product } = await getBrand(actor, resellerId);
  return fill(template, { ...sampleFacts, product });
}
