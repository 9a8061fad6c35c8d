import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Role } from '../../contract/rest.ts';
import { at, createdAt, id } from '../columns.ts';
import { tenants } from './tenants.ts';

export const users = pgTable(
  'users',
  {
    id: id(),
    /** Null for the provider's staff. */
    tenantId: uuid('tenant_id').references(() => tenants.id),
    email: text('email').notNull(),
    name: text('name').notNull(),
    role: text('role').$type<Role>().notNull(),
    /** argon2id in PHC format; null until the first-login link was used. */
    passwordHash: text('password_hash'),
    disabledAt: at('disabled_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('users_email').on(sql`lower(${t.email})`),
    index('users_tenant').on(t.tenantId),
    check('users_role', sql`${t.role} in ('provider-admin', 'support', 'reseller', 'tenant-owner', 'tenant-member')`),
    check('users_tenant_by_role', sql`(${t.role} in ('provider-admin', 'support')) = (${t.tenantId} is null)`),
  ],
);
