/** The second factor of a sign-in: what is shown of it, and what is asked to change it. */
import { z } from 'zod';
import { Line } from './fields.ts';
import { Id, Instant } from './ids.ts';
import { Role } from './roles.ts';

/** Codes that stand in for a lost device; all of them anew at once. */
export const recoveryCodeCount = 10;

export const maxPasskeys = 20;

/** From an authenticator (six digits), or a recovery code, written as one likes. */
export const FactorCode = z.string().trim().min(6).max(40);
const Password = z.string().min(1).max(200);
/** Empty for who has none, and has shown again otherwise who they are. */
const OwnPassword = z.string().max(200);

/** Why somebody must have a second factor; empty: nobody asks for it. */
export const FactorReason = z.object({
  by: z.enum(['account', 'role']),
  /** The account's name, or the role's. */
  name: z.string(),
});

export const Factor = z.object({
  /** An authenticator app that makes codes; null: none. */
  authenticator: z.object({ since: Instant }).nullable(),
  passkeys: z.array(z.object({ id: Id, name: z.string(), createdAt: Instant, lastUsedAt: Instant.nullable() })),
  /** Whether passkeys can be used here: not where the panel is reached by an address alone, or without TLS. */
  passkeysPossible: z.boolean(),
  recoveryCodesLeft: z.int(),
  required: z.array(FactorReason),
});
export type Factor = z.infer<typeof Factor>;

/** What an authenticator needs to know, told once. It counts only after a code of it was confirmed. */
export const FactorStarted = z.object({
  /** Base32, for typing. */
  secret: z.string(),
  /** The same as `otpauth://`, for a QR code. */
  uri: z.string(),
  expiresAt: Instant,
});
export type FactorStarted = z.infer<typeof FactorStarted>;
/** `code`: of the authenticator that is to be replaced, if there is one; or a recovery code. */
export const StartFactor = z.strictObject({ code: FactorCode.optional() });
export const ConfirmFactor = z.strictObject({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, 'is six digits'),
});
/** Told once; only hashes are kept. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export const RenewRecoveryCodes = z.strictObject({ code: FactorCode });
export const TurnOffFactor = z.strictObject({ password: OwnPassword, code: FactorCode });

/** What a browser hands to, or got from, its authenticator: WebAuthn's own JSON, which the portal's library reads. */
const WebAuthnJson = z.record(z.string(), z.unknown());
export const PasskeyOptions = z.object({ options: WebAuthnJson });
export const AddPasskey = z.strictObject({ name: Line(60).min(1), response: WebAuthnJson });
/** With the first factor of a person come recovery codes; else none. */
export const PasskeyAdded = z.object({ id: Id, recoveryCodes: z.array(z.string()) });
export const RemovePasskey = z.strictObject({ password: OwnPassword });
export const PasskeySignIn = z.strictObject({ response: WebAuthnJson });

/** That it is still the same person. One of the two. */
export const Prove = z
  .strictObject({ password: Password.optional(), code: FactorCode.optional() })
  .refine(({ password, code }) => (password === undefined) !== (code === undefined), 'say the password or a code');

/** Whose people must have a second factor. */
export const AccountSecurity = z.object({ requireFactor: z.boolean() });
export const SetAccountSecurity = z.strictObject({ requireFactor: z.boolean() });
/** The same, for everybody with one of these built-in roles (or one cloned from it), anywhere in the installation. */
export const SecurityPolicy = z.object({ factorRoles: z.array(Role) });
export const SetSecurityPolicy = z.strictObject({
  factorRoles: z
    .array(Role)
    .max(Role.options.length)
    .transform((roles) => Role.options.filter((role) => roles.includes(role))),
});
