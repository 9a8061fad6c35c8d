import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, createdAt, id } from '../columns.ts';
import { identityProviders } from './identity-providers.ts';
import { sessions } from './sessions.ts';
import { users } from './users.ts';

/** Whom a provider knows by which subject: pinned at first use, one for each person and one person for each. */
export const identities = pgTable(
  'identities',
  {
    id: id(),
    providerId: uuid('provider_id')
      .notNull()
      .references(() => identityProviders.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    subject: text('subject').notNull(),
    createdAt: createdAt(),
    lastUsedAt: at('last_used_at'),
  },
  (t) => [
    uniqueIndex('identities_subject').on(t.providerId, t.subject),
    uniqueIndex('identities_user').on(t.userId, t.providerId),
  ],
);

/** A browser that was sent to a provider and is expected back. Deleted by its answer, whatever that is worth. */
export const identityVisits = pgTable(
  'identity_visits',
  {
    /** SHA-256 of OAuth's state, and of the key in the browser's cookie: both must come. PKCE's verifier and the nonce follow from the two and are nowhere. */
    stateHash: text('state_hash').primaryKey(),
    browserHash: text('browser_hash').notNull(),
    providerId: uuid('provider_id')
      .notNull()
      .references(() => identityProviders.id, { onDelete: 'cascade' }),
    purpose: text('purpose').$type<'sign-in' | 'link' | 'prove' | 'try' | 'code'>().notNull(),
    /** Whose visit it is, where somebody is signed in already. */
    sessionId: uuid('session_id').references(() => sessions.id, { onDelete: 'cascade' }),
    redirectUri: text('redirect_uri').notNull(),
    next: text('next').notNull(),
    /** `code`: whom the provider named, until they show their second factor. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    provedAt: at('proved_at'),
    providerSession: text('provider_session'),
    createdAt: createdAt(),
    expiresAt: at('expires_at').notNull(),
  },
  (t) => [
    index('identity_visits_expires').on(t.expiresAt),
    check('identity_visits_purpose', sql`${t.purpose} in ('sign-in', 'link', 'prove', 'try', 'code')`),
    check('identity_visits_user', sql`(${t.purpose} = 'code') = (${t.userId} is not null)`),
  ],
);
