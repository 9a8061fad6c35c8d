import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Role } from '../../contract/roles.ts';
import { at, createdAt, id } from '../columns.ts';
import { users } from './users.ts';

/** A person's authenticator app. Secrets are sealed for this row. */
export const authenticators = pgTable(
  'authenticators',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** What sign-ins are checked against; null until one was confirmed. */
    sealedSecret: text('sealed_secret'),
    confirmedAt: at('confirmed_at'),
    /** The newest step (of 30 s since 1970) of which a code was taken: none is taken of this one or an older. */
    lastStep: bigint('last_step', { mode: 'number' }).notNull().default(0),
    /** Begun and not confirmed; counts for nothing. */
    pendingSecret: text('pending_secret'),
    pendingUntil: at('pending_until'),
  },
  (t) => [check('authenticators_confirmed', sql`(${t.sealedSecret} is null) = (${t.confirmedAt} is null)`)],
);

/** Each signs in once instead of a code. Only the SHA-256 is kept: there are 80 random bits to guess. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    codeHash: text('code_hash').notNull(),
    createdAt: createdAt(),
    usedAt: at('used_at'),
  },
  (t) => [uniqueIndex('recovery_codes_hash').on(t.userId, t.codeHash)],
);

/** A person's passkeys. What is here opens nothing: the public half, bound to the panel's host name. */
export const passkeys = pgTable(
  'passkeys',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** As WebAuthn calls it, base64url; the key in COSE form likewise. */
    credentialId: text('credential_id').notNull(),
    publicKey: text('public_key').notNull(),
    /** How often it was used, by its own count; some keys do not count and say 0. */
    counter: bigint('counter', { mode: 'number' }).notNull(),
    transports: text('transports').array().$type<string[]>().notNull(),
    /** The host name it is bound to: elsewhere browsers do not offer it. */
    rpId: text('rp_id').notNull(),
    createdAt: createdAt(),
    lastUsedAt: at('last_used_at'),
  },
  (t) => [uniqueIndex('passkeys_credential').on(t.credentialId), index('passkeys_user').on(t.userId)],
);

/** What a browser is to sign now. Deleted by the first answer, whatever that is worth. */
export const passkeyChallenges = pgTable(
  'passkey_challenges',
  {
    challengeHash: text('challenge_hash').primaryKey(),
    purpose: text('purpose').$type<'add' | 'sign-in'>().notNull(),
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: at('expires_at').notNull(),
  },
  (t) => [index('passkey_challenges_expires').on(t.expiresAt)],
);

/** One row: what the installation asks of everybody. */
export const securityPolicy = pgTable(
  'security_policy',
  {
    one: boolean('one').primaryKey().default(true),
    factorRoles: text('factor_roles').array().$type<Role[]>().notNull().default([]),
  },
  (t) => [check('security_policy_one', sql`${t.one}`)],
);
