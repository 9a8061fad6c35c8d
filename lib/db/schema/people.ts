import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Permission } from '../../contract/permissions.ts';
import type { Role, ScopeKind } from '../../contract/roles.ts';
import { createdAt, id } from '../columns.ts';
import { containers } from './containers.ts';
import { tenants } from './tenants.ts';
import { users } from './users.ts';

/** Custom roles: a built-in one with fewer rights. */
export const roles = pgTable(
  'roles',
  {
    id: id(),
    /** Whose it is; null: the provider's. */
    tenantId: uuid('tenant_id').references(() => tenants.id),
    title: text('title').notNull(),
    about: text('about').notNull().default(''),
    base: text('base').$type<Role>().notNull(),
    permissions: text('permissions').array().$type<Permission[]>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('roles_title').on(sql`coalesce(${t.tenantId}, '00000000-0000-0000-0000-000000000000')`, t.title)],
);

/** Who has which role over what. Nobody has a right that does not follow from a row here. */
export const assignments = pgTable(
  'assignments',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** A built-in role, or the base of the custom one. */
    role: text('role').$type<Role>().notNull(),
    customRoleId: uuid('custom_role_id').references(() => roles.id),
    scope: text('scope').$type<ScopeKind>().notNull(),
    tenantId: uuid('tenant_id').references(() => tenants.id),
    labels: text('labels').array().$type<string[]>().notNull().default([]),
    containerId: uuid('container_id').references(() => containers.id, { onDelete: 'cascade' }),
    /** Who gave it; null: set-up, or it came with the account. */
    grantedBy: uuid('granted_by'),
    createdAt: createdAt(),
  },
  (t) => [
    index('assignments_user').on(t.userId),
    index('assignments_tenant').on(t.tenantId),
    check('assignments_scope', sql`${t.scope} in ('installation', 'reseller', 'tenant', 'labels', 'container')`),
    check('assignments_tenant_by_scope', sql`(${t.scope} = 'installation') = (${t.tenantId} is null)`),
    check('assignments_container_by_scope', sql`(${t.scope} = 'container') = (${t.containerId} is not null)`),
    check('assignments_labels_by_scope', sql`(${t.scope} = 'labels') = (cardinality(${t.labels}) > 0)`),
  ],
);
