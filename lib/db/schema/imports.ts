import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at, big, createdAt, id } from '../columns.ts';
import { hosts } from './hosts.ts';
import { plans } from './plans.ts';
import { tenants } from './tenants.ts';

/** Archives that are to become containers, on the host that will have them. The bytes are the host's; it forgets them at `expiresAt`. */
export const imports = pgTable(
  'imports',
  {
    id: id(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    hostId: uuid('host_id')
      .notNull()
      .references(() => hosts.id),
    planId: uuid('plan_id')
      .notNull()
      .references(() => plans.id),
    sizeBytes: big('size_bytes').notNull(),
    receivedBytes: big('received_bytes').notNull().default(0),
    /** What the file is known by to whoever goes on with it; null: not told. */
    fileName: text('file_name'),
    fingerprint: text('fingerprint'),
    actorName: text('actor_name').notNull(),
    createdAt: createdAt(),
    expiresAt: at('expires_at').notNull(),
    /** The import that makes a container of it; null again when that failed. */
    operationId: uuid('operation_id'),
  },
  (t) => [
    index('imports_tenant').on(t.tenantId, t.expiresAt),
    check('imports_received', sql`${t.receivedBytes} between 0 and ${t.sizeBytes}`),
  ],
);
