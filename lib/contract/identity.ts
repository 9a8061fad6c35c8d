/** Sign-in by somebody else's word (OpenID Connect): who is asked, what of the answer counts, and which roles follow from it. */
import { z } from 'zod';
import { FactorCode } from './factors.ts';
import { Line } from './fields.ts';
import { Id, Instant } from './ids.ts';
import { Role } from './roles.ts';

/** An installation, or a reseller, may have so many. */
export const mostProviders = 10;
const mostMappings = 100;

const Name = (most: number) => Line(most).min(1);
/** A scope, or a value of `amr` or `acr`: printable ASCII but quotation mark and backslash (RFC 6749, 3.3). */
const Token = z
  .string()
  .max(200)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'has no spaces, quotation marks or backslashes');
const unique = <T>(values: T[]): T[] => [...new Set(values)];

/** Whoever is in the group has the role while they are: over the account, or, for roles of the provider's staff, over the installation (null). */
export const GroupMapping = z.strictObject({ group: Name(200), role: Role, tenantId: Id.nullable() });
export type GroupMapping = z.infer<typeof GroupMapping>;

const settings = {
  /** Stands on the button. */
  name: Name(40),
  clientId: Name(300),
  scopes: z.array(Token).max(20).transform(unique),
  /** The claim with the groups; dots lead into objects, as in `realm_access.roles`. Null: roles are given by hand alone. */
  groupsClaim: Name(200).nullable(),
  mappings: z.array(GroupMapping).max(mostMappings),
  /** Of people without an account here who are in a group with a role: an account is made, or they are refused. */
  unknownPeople: z.enum(['make', 'refuse']),
  /** Whether an account with the same, verified address is theirs at their first sign-in; otherwise they connect it themselves. */
  linkByEmail: z.boolean(),
  /** Its people have no other way in: no password, no passkey. */
  exclusive: z.boolean(),
  /** Values of `amr` or `acr` that say that a second factor was asked for there, and are believed. */
  trustedFactors: z.array(Token).max(20).transform(unique),
  /** It may be at an address that is not on the internet. The provider's own only. */
  privateNetwork: z.boolean(),
  enabled: z.boolean(),
};

/** What the last person who tried it brought back. */
export const ProviderTry = z.object({
  at: Instant,
  /** Why it would be refused; null: it would not. */
  problem: z.string().nullable(),
  email: z.string().nullable(),
  emailVerified: z.boolean(),
  groups: z.array(z.string()),
  /** Titles of the roles that would follow. */
  roles: z.array(z.string()),
  /** Whether it says that a second factor was shown. */
  factor: z.boolean(),
});
export type ProviderTry = z.infer<typeof ProviderTry>;

export const IdentityProvider = z.object({
  id: Id,
  /** Under whose names it is offered; null: under the panel's own. */
  resellerId: Id.nullable(),
  issuer: z.string(),
  ...settings,
  scopes: z.array(z.string()),
  trustedFactors: z.array(z.string()),
  /** Addresses to register there as redirect addresses: one for each of the names. */
  redirectUris: z.array(z.string()),
  /** To register there as the address that hears of sign-outs (back-channel). */
  logoutUris: z.array(z.string()),
  people: z.int(),
  lastTry: ProviderTry.nullable(),
  createdAt: Instant,
});
export type IdentityProvider = z.infer<typeof IdentityProvider>;

const Issuer = z
  .url({ protocol: /^https$/, error: 'use an address that begins with https://' })
  .max(500)
  .refine(
    (text) => {
      const url = URL.parse(text);
      return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
    },
    { error: 'leave out name, password, question mark and hash' },
  );
const written = {
  ...settings,
  scopes: settings.scopes.default(['openid', 'email', 'profile']),
  groupsClaim: settings.groupsClaim.default(null),
  mappings: settings.mappings.default([]),
  unknownPeople: settings.unknownPeople.default('refuse'),
  linkByEmail: z.boolean().default(false),
  exclusive: z.boolean().default(false),
  trustedFactors: settings.trustedFactors.default([]),
  privateNetwork: z.boolean().default(false),
  enabled: z.boolean().default(true),
};
const Secret = Name(1000);
export const CreateIdentityProvider = z.strictObject({
  resellerId: Id.nullable(),
  /** Stays: whoever it has vouched for, it has vouched for under this name. */
  issuer: Issuer,
  clientSecret: Secret,
  ...written,
});
export type CreateIdentityProvider = z.output<typeof CreateIdentityProvider>;
/** As a whole; without `clientSecret` the one there is stays. */
export const SetIdentityProvider = z.strictObject({ ...written, clientSecret: Secret.optional() });
export type SetIdentityProvider = z.output<typeof SetIdentityProvider>;

/** What somebody who is not signed in sees. */
export const OfferedProvider = z.object({ id: Id, name: z.string() });
export type OfferedProvider = z.infer<typeof OfferedProvider>;

/** Where a browser is to go; the answer comes to the panel by the same browser within ten minutes. */
export const ProviderVisit = z.object({ url: z.string() });
export const BeginVisit = z.strictObject({
  /** The page of the panel to come back to. */
  next: z.string().max(2000).optional(),
});
export const BeginLink = z.strictObject({ providerId: Id });
/** Of OAuth's answer only that it is one; the library reads it. */
export const ProviderAnswer = z.looseObject({ state: z.string().max(500).optional() });
export const ProviderCode = z.strictObject({ code: FactorCode });
export const SignedIn = z.object({ next: z.string() });

export const Identities = z.object({
  items: z.array(
    z.object({ id: Id, providerId: Id, name: z.string(), createdAt: Instant, lastUsedAt: Instant.nullable() }),
  ),
  /** Providers that could be connected under this name. */
  offered: z.array(OfferedProvider),
  /** Whether there is a password to show besides. */
  password: z.boolean(),
});
export type Identities = z.infer<typeof Identities>;
