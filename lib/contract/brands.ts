/** A reseller's brand: under which name, colours, pictures, host names and sender its tenants meet the panel. */
import { z } from 'zod';
import { Email, Hostname, Line, Port, Text } from './fields.ts';
import { Bytes, Id, Instant } from './ids.ts';
import { Language } from './language.ts';

export const productName = 'Berth';
/** Of a reseller who has a host name and has not said what the panel is called there. */
export const namelessProduct = 'Panel';

const Link = z.union([
  z.url({ protocol: /^https$/, error: 'use an address that begins with https://' }).max(500),
  z
    .string()
    .regex(/^mailto:[^\s?]+@[^\s?]+$/, 'use an address that begins with https:// or mailto:')
    .max(300),
]);
const Colour = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, 'use a colour such as #0f6f68')
  .toLowerCase();

/** All that a brand's people get, but the word of an emergency access: that one nobody may soften. */
export const MailKind = z.enum([
  'first-login',
  'invitation',
  'reset',
  'password-changed',
  'factor-on',
  'factor-off',
  'recovery-code-used',
  'passkey-added',
  'passkey-removed',
  'provider-added',
  'provider-removed',
  'ticket',
  'ticket-late',
  'outage',
  'outage-over',
  'backup-failed',
  'backup-damaged',
  'backup-test-failed',
  'host-lost',
  'released-early',
]);
export type MailKind = z.infer<typeof MailKind>;
/** What may stand in a mail as {{word}}. Those with a link are worth nothing without it. */
export const mailWords: Record<MailKind, readonly string[]> = {
  'first-login': ['name', 'product', 'link'],
  invitation: ['by', 'account', 'days', 'product', 'link'],
  reset: ['name', 'product', 'link'],
  'password-changed': ['name', 'product'],
  'factor-on': ['name', 'product'],
  'factor-off': ['name', 'product', 'change'],
  'recovery-code-used': ['name', 'product', 'left'],
  'passkey-added': ['name', 'product', 'passkey'],
  'passkey-removed': ['name', 'product', 'passkey'],
  'provider-added': ['name', 'product', 'provider'],
  'provider-removed': ['name', 'product', 'provider'],
  ticket: ['name', 'product', 'number', 'subject', 'from', 'text', 'link'],
  'ticket-late': ['name', 'product', 'number', 'subject', 'missed', 'link'],
  outage: ['name', 'product', 'title', 'count', 'text', 'link'],
  'outage-over': ['name', 'product', 'title', 'count', 'text', 'link'],
  'backup-failed': ['name', 'product', 'container', 'problem', 'link'],
  'backup-damaged': ['name', 'product', 'backups', 'link'],
  'backup-test-failed': ['name', 'product', 'container', 'made', 'problem', 'link'],
  'host-lost': ['name', 'product', 'containers', 'link'],
  'released-early': ['name', 'product', 'container'],
};
export const MailTemplate = z.strictObject({ subject: Line(150).min(1), body: Text(5000).min(1) });
export type MailTemplate = z.infer<typeof MailTemplate>;

export const Smtp = z.strictObject({
  host: Hostname,
  port: Port,
  /** TLS from the first byte; otherwise STARTTLS, without which nothing is sent. */
  secure: z.boolean().default(false),
  user: Line(200).default(''),
});
export type Smtp = z.infer<typeof Smtp>;

const words = {
  productName: Line(40).min(1),
  supportUrl: Link.nullable(),
  legalUrl: Link.nullable(),
  /** Above the form of the sign-in. */
  signInText: Text(500),
  /** On light and on dark surfaces; null: the panel's own. */
  colours: z.strictObject({ light: Colour, dark: Colour }).nullable(),
  /** From whom mails come. Without a server of its own they leave through the provider's: from this address once a key signs for it. */
  sender: z.strictObject({ address: Email, smtp: Smtp.nullable() }).nullable(),
  mails: z.partialRecord(MailKind, MailTemplate),
  /** In which its people read the panel and its mails unless they choose another; null: as their browser says. */
  language: Language.nullable().default(null),
};

export const brandAssets = ['light', 'dark', 'favicon'] as const;
export const BrandAsset = z.enum(brandAssets);
export type BrandAsset = z.infer<typeof BrandAsset>;
export const assetLimitBytes = 256 * 1024;

export const BrandHost = z.object({
  id: Id,
  host: z.string(),
  /** The TXT record that proves that the name is theirs. */
  record: z.object({ name: z.string(), value: z.string() }),
  provenAt: Instant.nullable(),
});
export type BrandHost = z.infer<typeof BrandHost>;

/** A key pair by which mails are signed (DKIM). */
export const BrandDkimKey = z.object({
  id: Id,
  domain: z.string(),
  /** The TXT record that others check signatures by. */
  record: z.object({ name: z.string(), value: z.string() }),
  /** When the record was first found; null: it waits for it. */
  provenAt: Instant.nullable(),
  /** Since when a record that was there is not: until it is back, nothing is signed. */
  missingSince: Instant.nullable(),
  /** Whether mails leave signed by it now, from the brand’s own address. */
  signs: z.boolean(),
});
export type BrandDkimKey = z.infer<typeof BrandDkimKey>;

export const Brand = z.object({
  resellerId: Id,
  ...words,
  language: Language.nullable(),
  sender: z.object({ address: z.string(), smtp: Smtp.nullable() }).nullable(),
  /** Sizes of its pictures; null: none. */
  assets: z.object({ light: Bytes.nullable(), dark: Bytes.nullable(), favicon: Bytes.nullable() }),
  /** The first that is proven is where links in mails lead. */
  hosts: z.array(BrandHost),
  dkim: z.array(BrandDkimKey),
  /** Where the provider would still show. */
  gaps: z.array(z.string()),
});
export type Brand = z.infer<typeof Brand>;
export const SetBrand = z.strictObject({
  ...words,
  /** Of the mail server; left out, the one there is stays. */
  smtpPassword: Line(200).optional(),
});
export type SetBrand = z.infer<typeof SetBrand>;

export const AddBrandHost = z.strictObject({ host: Hostname });
export const PreviewMail = z.strictObject({ kind: MailKind, template: MailTemplate });
export const MailPreview = z.object({ subject: z.string(), body: z.string() });
export const AskHost = z.object({ domain: z.string().max(300) });

/** What a page shows of a brand. */
export type Look = {
  productName: string;
  /** A style sheet of our own making; empty: the panel's colours. */
  style: string;
  logo: { light: string; dark: string } | null;
  favicon: string | null;
  supportUrl: string | null;
  legalUrl: string | null;
  signInText: string;
  language: Language | null;
};
