import { sql } from 'drizzle-orm';
import { type AnyPgColumn, boolean, check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id } from '../columns.ts';

/** Customer accounts. A reseller is a tenant that other tenants belong to; the provider's own staff have no tenant. */
export const tenants = pgTable(
  'tenants',
  {
    id: id(),
    kind: text('kind').$type<'reseller' | 'tenant'>().notNull().default('tenant'),
    name: text('name').notNull(),
    resellerId: uuid('reseller_id').references((): AnyPgColumn => tenants.id),
    /** Its people must have a second factor. */
    requireFactor: boolean('require_factor').notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    index('tenants_reseller').on(t.resellerId),
    check('tenants_kind', sql`${t.kind} in ('reseller', 'tenant')`),
    check('tenants_one_level', sql`${t.kind} = 'tenant' or ${t.resellerId} is null`),
  ],
);
