import { sql } from 'drizzle-orm';
import { bigserial, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { BerthEvent } from '../../contract/events.ts';
import { at, xid8 } from '../columns.ts';

/**
 * What changed, for live pages. Read in commit order: `(xid, id)` below `pg_snapshot_xmin(pg_current_snapshot())`, because
 * a serial number alone is given before the commit and would let a reader skip a slow transaction's events.
 */
export const events = pgTable(
  'events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    xid: xid8('xid').notNull().default(sql`pg_current_xact_id()`),
    /** Null: concerns the provider only. */
    tenantId: uuid('tenant_id'),
    containerId: uuid('container_id'),
    operationId: uuid('operation_id'),
    type: text('type').$type<BerthEvent['type']>().notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull().default({}),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [index('events_commit_order').on(t.xid, t.id), index('events_at').on(t.at)],
);
