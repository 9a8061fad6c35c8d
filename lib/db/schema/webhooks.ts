import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { WebhookEvent } from '../../contract/webhooks.ts';
import { at, createdAt, id } from '../columns.ts';
import { tenants } from './tenants.ts';

/** Addresses that hear of what happens, signed by a secret that only the worker reads. */
export const webhooks = pgTable(
  'webhooks',
  {
    id: id(),
    /** Hears of this tenant, or of a reseller's tenants; null: of the whole installation. */
    tenantId: uuid('tenant_id').references(() => tenants.id),
    url: text('url').notNull(),
    events: text('events').array().$type<WebhookEvent[]>().notNull(),
    sealedSecret: text('sealed_secret').notNull(),
    enabled: boolean('enabled').notNull().default(true),
    /** Why it was turned off by itself. */
    problem: text('problem'),
    createdAt: createdAt(),
  },
  (t) => [index('webhooks_tenant').on(t.tenantId)],
);

/** What is to be told to whom, and how that went. Its id is the message's: the same at every attempt. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: id(),
    webhookId: uuid('webhook_id')
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    tenantId: uuid('tenant_id'),
    event: text('event').$type<WebhookEvent | 'webhook.test'>().notNull(),
    /** The very bytes that are signed and sent. */
    body: text('body').notNull(),
    state: text('state').$type<'waiting' | 'delivered' | 'failed'>().notNull().default('waiting'),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: at('next_attempt_at').notNull().defaultNow(),
    status: integer('status'),
    problem: text('problem'),
    createdAt: createdAt(),
    endedAt: at('ended_at'),
  },
  (t) => [
    index('webhook_deliveries_due').on(t.webhookId, t.nextAttemptAt).where(sql`${t.state} = 'waiting'`),
    index('webhook_deliveries_log').on(t.webhookId, t.createdAt.desc()),
    check('webhook_deliveries_state', sql`${t.state} in ('waiting', 'delivered', 'failed')`),
  ],
);

/** Up to where the stream of events has been turned into deliveries. One row. */
export const webhookCursor = pgTable('webhook_cursor', {
  one: boolean('one').primaryKey().default(true),
  /** As text: PostgreSQL counts transactions beyond what a number here holds. */
  xid: text('xid').notNull(),
  eventId: bigint('event_id', { mode: 'number' }).notNull(),
});
