import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import type { Permission } from '../../contract/permissions.ts';
import { at, createdAt, id } from '../columns.ts';
import { identityProviders } from './identity-providers.ts';
import { tenants } from './tenants.ts';
import { users } from './users.ts';

/** One sign-in. The browser's cookie carries a random key of which only the SHA-256 is here. */
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    keyHash: text('key_hash').notNull(),
    userAgent: text('user_agent').notNull(),
    address: text('address').notNull(),
    /** The reseller under whose name it was made, and counts; null: the panel's own. */
    brandId: uuid('brand_id').references(() => tenants.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
    lastSeenAt: at('last_seen_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
    /** When whoever has it last showed who they are: by signing in, or when they were asked again. */
    provedAt: at('proved_at').notNull().defaultNow(),
    /** By whose word it was opened, and what they call it there (`sid`). */
    providerId: uuid('provider_id').references(() => identityProviders.id, { onDelete: 'set null' }),
    providerSession: text('provider_session'),
    /** That provider is believed to have asked for a second factor: who must have one and has none here may come in by this session. */
    factorVouched: boolean('factor_vouched').notNull().default(false),
  },
  (t) => [
    uniqueIndex('sessions_key').on(t.keyHash),
    index('sessions_user').on(t.userId),
    index('sessions_provider').on(t.providerId).where(sql`${t.providerId} is not null`),
  ],
);

/** Bearer tokens of the API; only the SHA-256 is kept. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    tokenHash: text('token_hash').notNull(),
    createdAt: createdAt(),
    lastUsedAt: at('last_used_at'),
    expiresAt: at('expires_at'),
    revokedAt: at('revoked_at'),
    /** What it is for; null: all that its maker may, whatever that is when it is used. */
    verbs: text('verbs').array().$type<Permission[]>(),
    containerIds: uuid('container_ids').array(),
    /**
     * Besides those: the containers with one of these labels, as they are when it is used. Where it is set `containerIds` is never null,
     * so that a version that does not know this column reaches less and not more.
     */
    labels: text('labels').array(),
    /** Networks it may be used from. */
    addresses: text('addresses').array(),
    /** The token it was made with: it goes when that goes. */
    parentId: uuid('parent_id').references((): AnyPgColumn => apiTokens.id),
    /** Who made it, for a service account's. */
    madeBy: uuid('made_by'),
    /** The reseller under whose name it was made: it can what its holder can there. Null: the panel's own, or from before this was kept. */
    brandId: uuid('brand_id').references(() => tenants.id, { onDelete: 'cascade' }),
  },
  (t) => [
    uniqueIndex('api_tokens_hash').on(t.tokenHash),
    index('api_tokens_user').on(t.userId),
    index('api_tokens_parent').on(t.parentId).where(sql`${t.parentId} is not null`),
  ],
);

/** Links sent by mail (or printed once by set-up). Single use; only the SHA-256 is kept. */
export const loginTokens = pgTable(
  'login_tokens',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    purpose: text('purpose').$type<'reset' | 'first-login' | 'setup' | 'sign-in'>().notNull(),
    tokenHash: text('token_hash').notNull(),
    createdAt: createdAt(),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
  },
  (t) => [
    uniqueIndex('login_tokens_hash').on(t.tokenHash),
    index('login_tokens_user').on(t.userId),
    check('login_tokens_purpose', sql`${t.purpose} in ('reset', 'first-login', 'setup', 'sign-in')`),
  ],
);

/** Failed attempts by account and by address, in the shape rate-limiter-flexible expects. */
export const loginThrottle = pgTable('login_throttle', {
  key: varchar('key', { length: 255 }).primaryKey(),
  points: integer('points').notNull().default(0),
  expire: bigint('expire', { mode: 'number' }),
});
