import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at, big, createdAt, id } from '../columns.ts';

/** Mail waiting to be sent. Bodies hold links that open accounts, so they are blanked once the mail is out. */
export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    recipient: text('recipient').notNull(),
    /** The reseller in whose name it is sent; null: the provider's. */
    brandId: uuid('brand_id'),
    subject: text('subject').notNull(),
    body: text('body').notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: at('next_attempt_at').notNull().defaultNow(),
    lastError: text('last_error'),
    createdAt: createdAt(),
    sentAt: at('sent_at'),
    /** Given up after too many attempts or too long. */
    failedAt: at('failed_at'),
  },
  (t) => [index('outbox_waiting').on(t.nextAttemptAt).where(sql`${t.sentAt} is null and ${t.failedAt} is null`)],
);

/** Every web process says here that it lives: `web-1` … Workers do so in {@link workers}. */
export const serviceHeartbeats = pgTable('service_heartbeats', {
  name: text('name').primaryKey(),
  kind: text('kind').$type<'web'>().notNull(),
  startedAt: at('started_at').notNull().defaultNow(),
  beatAt: at('beat_at').notNull().defaultNow(),
  version: text('version').notNull(),
  detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
});

/**
 * The lease of each worker. Whoever starts under a name takes a new, higher lease for it; whoever stops beating loses it to
 * the next worker that looks. Workflows belong to `<name>.<lease>`, so what a lease left behind is found by its number.
 */
export const workers = pgTable('workers', {
  name: text('name').primaryKey(),
  lease: big('lease').notNull(),
  startedAt: at('started_at').notNull().defaultNow(),
  beatAt: at('beat_at').notNull().defaultNow(),
  version: text('version').notNull(),
  /** Set when the lease is over: given back at an orderly end, or taken by `takenBy`. */
  endedAt: at('ended_at'),
  takenBy: text('taken_by'),
});
