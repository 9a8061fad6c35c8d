import { sql } from 'drizzle-orm';
import { check, customType, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { SetBrand } from '../../contract/brands.ts';
import type { Language } from '../../contract/language.ts';
import { at, createdAt, id } from '../columns.ts';
import { tenants } from './tenants.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** How a reseller's tenants meet the panel. */
export const brands = pgTable(
  'brands',
  {
    resellerId: uuid('reseller_id')
      .primaryKey()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    productName: text('product_name').notNull(),
    supportUrl: text('support_url'),
    legalUrl: text('legal_url'),
    signInText: text('sign_in_text').notNull().default(''),
    colours: jsonb('colours').$type<SetBrand['colours']>(),
    sender: jsonb('sender').$type<SetBrand['sender']>(),
    /** Put by the web, read by the worker alone. */
    sealedSmtpPassword: text('sealed_smtp_password'),
    mails: jsonb('mails').$type<SetBrand['mails']>().notNull().default({}),
    /** What its people read and are written to in, unless they choose; null: as their browser says. */
    language: text('language').$type<Language>(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [check('brands_language', sql`${t.language} in ('en', 'de')`)],
);

/** Its pictures: PNG files of our own making, see lib/brands/png.ts. */
export const brandAssetRows = pgTable(
  'brand_assets',
  {
    resellerId: uuid('reseller_id')
      .notNull()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    asset: text('asset').$type<'light' | 'dark' | 'favicon'>().notNull(),
    png: bytes('png').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [uniqueIndex('brand_assets_one').on(t.resellerId, t.asset)],
);

/** Names under which its tenants reach the panel; they count once they are proven. */
export const brandHosts = pgTable(
  'brand_hosts',
  {
    id: id(),
    resellerId: uuid('reseller_id')
      .notNull()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    host: text('host').notNull(),
    challenge: text('challenge').notNull(),
    provenAt: at('proven_at'),
    createdAt: createdAt(),
  },
  (t) => [
    // Whoever proves a name has it; claiming it keeps nobody out.
    uniqueIndex('brand_hosts_proven').on(t.host).where(sql`${t.provenAt} is not null`),
    uniqueIndex('brand_hosts_claimed').on(t.resellerId, t.host),
    index('brand_hosts_reseller').on(t.resellerId),
  ],
);

/** Key pairs by which a brand's mails are signed (DKIM); one counts while its record is in the domain's DNS. */
export const brandDkimKeys = pgTable(
  'brand_dkim_keys',
  {
    id: id(),
    resellerId: uuid('reseller_id')
      .notNull()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    domain: text('domain').notNull(),
    selector: text('selector').notNull(),
    /** The public key as the record has it: base64 of its DER form. */
    publicKey: text('public_key').notNull(),
    /** Put by the web, read by the worker alone. */
    sealedPrivateKey: text('sealed_private_key').notNull(),
    /** When its record was first found. */
    provenAt: at('proven_at'),
    /** Since when a record that was there is not; nothing is signed meanwhile. */
    missingSince: at('missing_since'),
    checkedAt: at('checked_at'),
    createdAt: createdAt(),
  },
  (t) => [
    index('brand_dkim_keys_reseller').on(t.resellerId),
    // One that waits for its record at a time, for each domain.
    uniqueIndex('brand_dkim_keys_waiting').on(t.resellerId, t.domain).where(sql`${t.provenAt} is null`),
  ],
);
