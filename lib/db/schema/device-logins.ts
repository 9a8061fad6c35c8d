import { index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, createdAt, id } from '../columns.ts';
import { tenants } from './tenants.ts';
import { users } from './users.ts';

/** Programs that wait to be let in by a person in a browser. Of both codes only hashes are kept. */
export const deviceLogins = pgTable(
  'device_logins',
  {
    id: id(),
    deviceCodeHash: text('device_code_hash').notNull(),
    userCodeHash: text('user_code_hash').notNull(),
    name: text('name').notNull(),
    /** Where the program asked from. */
    address: text('address').notNull(),
    createdAt: createdAt(),
    expiresAt: at('expires_at').notNull(),
    polledAt: at('polled_at'),
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** Under which reseller's name they let it in; null: the panel's own. */
    brandId: uuid('brand_id').references(() => tenants.id, { onDelete: 'cascade' }),
    approvedAt: at('approved_at'),
    deniedAt: at('denied_at'),
    /** Its token was handed out. */
    redeemedAt: at('redeemed_at'),
  },
  (t) => [
    uniqueIndex('device_logins_device_code').on(t.deviceCodeHash),
    uniqueIndex('device_logins_user_code').on(t.userCodeHash),
    index('device_logins_expires').on(t.expiresAt),
  ],
);
