import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Language } from '../../contract/language.ts';
import type { Role } from '../../contract/roles.ts';
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
    kind: text('kind').$type<'person' | 'service'>().notNull().default('person'),
    /**
     * The role the account begins with, over all of where it belongs; null: none. A trigger makes the assignment of it, and assignments
     * are what counts: they change later, this is not read again. (Versions before assignments know this column alone.)
     */
    role: text('role').$type<Role>(),
    /** argon2id in PHC format; null until the first-login link was used. */
    passwordHash: text('password_hash'),
    /** What they read the panel and its mails in; null: as the brand says, or else the browser. */
    language: text('language').$type<Language>(),
    disabledAt: at('disabled_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('users_email').on(sql`lower(${t.email})`),
    index('users_tenant').on(t.tenantId),
    check(
      'users_role',
      // The last line: names from before there were more.
      sql`${t.role} in ('provider-admin', 'host-operator', 'support', 'auditor', 'reseller-owner', 'reseller-staff',
        'tenant-owner', 'tenant-operator', 'tenant-backup', 'tenant-viewer', 'tenant-billing',
        'reseller', 'tenant-member')`,
    ),
    check('users_language', sql`${t.language} in ('en', 'de')`),
    check('users_kind', sql`${t.kind} in ('person', 'service')`),
    check(
      'users_tenant_by_role',
      sql`${t.role} is null or (${t.role} in ('provider-admin', 'host-operator', 'support', 'auditor')) = (${t.tenantId} is null)`,
    ),
  ],
);
