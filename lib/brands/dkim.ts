/** Keys that sign a brand's mails (DKIM), so that they can come from its own address through the provider's server. */
import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { and, asc, count, desc, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import type { Actor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import type { Facts } from '../contract/audit-facts.ts';
import type { BrandDkimKey } from '../contract/brands.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor, type Tx } from '../db/client.ts';
import { brands, brandDkimKeys as keys } from '../db/schema/brands.ts';
import { takeTurn } from '../db/turn.ts';
import { resellerFor } from '../resellers/get-quota.ts';
import { openLasting, sealLasting } from '../secrets/sealed-values.ts';
import { dkimRecord, publishes } from './dkim-record.ts';
import { lookUpTxt } from './hosts.ts';

const makePair = promisify(generateKeyPair);
const mostKeys = 6;
/** What RFC 8301 asks for, and the most that DNS records of every keeper of names take. */
const modulusBits = 2048;

/** What nodemailer signs with. */
export type SigningKey = { domainName: string; keySelector: string; privateKey: string };

export const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
/** Without the private half, which the web cannot read. */
const shown = {
  ...{ id: keys.id, domain: keys.domain, selector: keys.selector, publicKey: keys.publicKey },
  ...{ provenAt: keys.provenAt, missingSince: keys.missingSince },
};
type Row = Pick<typeof keys.$inferSelect, keyof typeof shown>;

export const recordName = ({ selector, domain }: Pick<Row, 'selector' | 'domain'>) =>
  `${selector}._domainkey.${domain}`;
/** The same of a row `k` in a statement; and whether the brand's mails would be signed by it, were its record there. */
export const recordOfKey = sql`k.selector || '._domainkey.' || k.domain`;
export const isForSender = sql`exists (select from brands b where b.reseller_id = k.reseller_id
  and coalesce(jsonb_typeof(b.sender->'smtp'), 'null') = 'null' and lower(split_part(b.sender->>'address', '@', 2)) = k.domain)`;

/** The one that signs for a domain: of several, what was proven last. The database's order, said once. */
const signing = (resellerId: string, domain: string) =>
  and(eq(keys.resellerId, resellerId), eq(keys.domain, domain), isNotNull(keys.provenAt), isNull(keys.missingSince));

/** Its keys, oldest first. */
export async function keysOf(tx: Tx, resellerId: string): Promise<BrandDkimKey[]> {
  const rows = await tx.select(shown).from(keys).where(eq(keys.resellerId, resellerId)).orderBy(asc(keys.createdAt));
  const [brand] = await tx.select({ sender: brands.sender }).from(brands).where(eq(brands.resellerId, resellerId));
  const sender = brand?.sender ?? null;
  const domain = sender === null || sender.smtp !== null ? null : domainOf(sender.address);
  const [first] =
    domain === null
      ? []
      : await tx
          .select({ id: keys.id })
          .from(keys)
          .where(signing(resellerId, domain))
          .orderBy(desc(keys.provenAt))
          .limit(1);
  return rows.map((row) => present(row, row.id === first?.id));
}

function present(row: Row, signs: boolean): BrandDkimKey {
  return {
    ...{ id: row.id, domain: row.domain },
    record: { name: recordName(row), value: dkimRecord(row.publicKey) },
    provenAt: row.provenAt?.toISOString() ?? null,
    missingSince: row.missingSince?.toISOString() ?? null,
    signs,
  };
}

async function shownKey(tx: Tx, resellerId: string, keyId: string): Promise<BrandDkimKey> {
  const found = (await keysOf(tx, resellerId)).find((one) => one.id === keyId);
  if (found === undefined) throw new BerthError('not_found');
  return found;
}

/**
 * Makes a key pair for the domain of the brand's sender. One that signs already goes on until the new one's record is found. Throws `state`
 * without a sender, `conflict` while another of that domain waits for its record.
 */
export async function addKey(actor: Actor, resellerId: string): Promise<BrandDkimKey> {
  authorize(actor, 'brand.change', ofTenant(resellerId));
  const pair = await makePair('rsa', {
    modulusLength: modulusBits,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return await asActor(actor, async (tx) => {
    const reseller = await resellerFor(tx, resellerId);
    await takeTurn(tx, `brand-keys:${resellerId}`);
    const [brand] = await tx.select({ sender: brands.sender }).from(brands).where(eq(brands.resellerId, resellerId));
    if (brand?.sender == null) {
      throw new BerthError('state', 'There is no address that mails could come from.', {
        remedy: 'Set the sender of mails first.',
      });
    }
    const domain = domainOf(brand.sender.address);
    const there = await tx
      .select({
        n: count(),
        waiting: sql<number>`count(*) filter (where domain = ${domain} and proven_at is null)::int`,
      })
      .from(keys)
      .where(eq(keys.resellerId, resellerId));
    if ((there[0]?.waiting ?? 0) > 0) {
      throw new BerthError('conflict', `A key of ${domain} waits for its record already.`, {
        remedy: 'Publish its record, or throw it away first.',
      });
    }
    if ((there[0]?.n ?? 0) >= mostKeys) throw new BerthError('conflict', `A brand has at most ${mostKeys} keys.`);
    // Named after nothing: whoever gets a mail sees it.
    const row = { id: v7(), domain, selector: `k${randomBytes(5).toString('hex')}` };
    await tx.insert(keys).values({
      ...{ ...row, resellerId, publicKey: pair.publicKey.toString('base64') },
      sealedPrivateKey: sealLasting(pair.privateKey, `dkim:${row.id}`),
    });
    await note(tx, actor, resellerId, reseller.name, { mailKeyMade: recordName(row) });
    return await shownKey(tx, resellerId, row.id);
  });
}

/** Looks for the record. Found, the key signs from then on, and those of its domain before it are thrown away. Throws `state` while it is not there. */
export async function proveKey(actor: Actor, resellerId: string, keyId: string): Promise<BrandDkimKey> {
  authorize(actor, 'brand.change', ofTenant(resellerId));
  const mine = and(eq(keys.id, keyId), eq(keys.resellerId, resellerId));
  const [row] = await asActor(actor, (tx) => tx.select(shown).from(keys).where(mine));
  if (row === undefined) throw new BerthError('not_found');
  const name = recordName(row);
  if (!publishes(await lookUpTxt(name).catch((): string[] => []), row.publicKey)) {
    throw new BerthError('state', `There is no TXT record ${name} with this value yet, or another key beside it.`, {
      remedy: 'Set it at whoever keeps the name, wait some minutes, and try again.',
    });
  }
  return await asActor(actor, async (tx) => {
    const reseller = await resellerFor(tx, resellerId);
    await takeTurn(tx, `brand-keys:${resellerId}`);
    const set = { provenAt: sql`coalesce(proven_at, now())`, missingSince: null, checkedAt: sql`now()` };
    const proven = await tx.update(keys).set(set).where(mine).returning({ id: keys.id });
    if (proven.length === 0) throw new BerthError('not_found');
    if (row.provenAt === null) {
      const before = and(eq(keys.resellerId, resellerId), eq(keys.domain, row.domain), isNotNull(keys.provenAt));
      await tx.delete(keys).where(and(before, ne(keys.id, keyId)));
      await note(tx, actor, resellerId, reseller.name, { mailKeyProven: name });
    }
    return await shownKey(tx, resellerId, keyId);
  });
}

/** Throws a key away, with its private half. What it signed is checked by the record, which others need some days longer. */
export async function dropKey(actor: Actor, resellerId: string, keyId: string): Promise<null> {
  authorize(actor, 'brand.change', ofTenant(resellerId));
  return await asActor(actor, async (tx) => {
    const reseller = await resellerFor(tx, resellerId);
    const [gone] = await tx
      .delete(keys)
      .where(and(eq(keys.id, keyId), eq(keys.resellerId, resellerId)))
      .returning({ domain: keys.domain, selector: keys.selector });
    if (gone === undefined) throw new BerthError('not_found');
    await note(tx, actor, resellerId, reseller.name, { mailKeyDropped: recordName(gone) });
    return null;
  });
}

async function note(tx: Tx, actor: Actor, resellerId: string, targetName: string, detail: Facts) {
  await writeAudit(tx, actor, {
    ...{ verb: 'brand.change', tenantId: resellerId, targetKind: 'reseller', targetId: resellerId },
    ...{ targetName, detail },
  });
}

/** The key that signs mails from an address now, opened; null: none does. For the worker, which alone may read it. */
export async function signingKey(tx: Tx, resellerId: string, address: string): Promise<SigningKey | null> {
  const [row] = await tx
    .select()
    .from(keys)
    .where(signing(resellerId, domainOf(address)))
    .orderBy(desc(keys.provenAt))
    .limit(1);
  if (row === undefined) return null;
  const privateKey = openLasting(row.sealedPrivateKey, `dkim:${row.id}`);
  return { domainName: row.domain, keySelector: row.selector, privateKey };
}
