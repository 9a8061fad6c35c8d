import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from '../columns.ts';
import { users } from './users.ts';

/** Requests that a client named by a key, and what they were answered: the same request again is answered the same and done once. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    /** Of method, address and body. */
    fingerprint: text('fingerprint').notNull(),
    /** Null: under way, or whoever did it died and nobody knows. */
    status: integer('status'),
    /** Answers may hold secrets that are told once. */
    sealedBody: text('sealed_body'),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.key] }), index('idempotency_keys_created').on(t.createdAt)],
);
