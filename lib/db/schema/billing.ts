import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, createdAt, id } from '../columns.ts';
import { containers } from './containers.ts';
import { tenants } from './tenants.ts';
import { users } from './users.ts';

/**
 * What a reseller's billing program sells, by the program's own number. A service stands for a tenant and, from the moment one was
 * accepted, a container; what state it is in follows from that container, its holds and the operation that makes it (lib/contract/billing.ts).
 */
export const billingServices = pgTable(
  'billing_services',
  {
    id: id(),
    resellerId: uuid('reseller_id')
      .notNull()
      .references(() => tenants.id),
    externalId: text('external_id').notNull(),
    /** The customer's number there: services of one customer are of one tenant. */
    externalClientId: text('external_client_id').notNull(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    /** Whom a sign-in link signs in. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'set null' }),
    containerId: uuid('container_id').references(() => containers.id, { onDelete: 'set null' }),
    /** The latest operation that makes the container or has it back. */
    operationId: uuid('operation_id'),
    paidUntil: at('paid_until'),
    /** When its end was asked for; null while it is sold. */
    terminatedAt: at('terminated_at'),
    /** The container is deleted from then on: at once where backups would bring it back, else when the days of grace are over. */
    removeAfter: at('remove_after'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('billing_services_external').on(t.resellerId, t.externalId),
    uniqueIndex('billing_services_container').on(t.containerId),
    index('billing_services_client').on(t.resellerId, t.externalClientId),
    index('billing_services_tenant').on(t.tenantId),
    index('billing_services_newest').on(t.resellerId, t.createdAt.desc(), t.id.desc()),
    index('billing_services_ending').on(t.removeAfter).where(sql`${t.removeAfter} is not null`),
    check('billing_services_ending_whole', sql`(${t.terminatedAt} is null) = (${t.removeAfter} is null)`),
  ],
);
