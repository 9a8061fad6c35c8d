import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Permission } from '../../contract/permissions.ts';
import type { Role, ScopeKind } from '../../contract/roles.ts';
import { at, createdAt, id } from '../columns.ts';
import { containers } from './containers.ts';
import { identityProviders } from './identity-providers.ts';
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
    /** The provider from whose groups it follows; null: it was given by hand. */
    providerId: uuid('provider_id').references(() => identityProviders.id),
    createdAt: createdAt(),
  },
  (t) => [
    index('assignments_user').on(t.userId),
    index('assignments_tenant').on(t.tenantId),
    index('assignments_provider').on(t.providerId).where(sql`${t.providerId} is not null`),
    check('assignments_scope', sql`${t.scope} in ('installation', 'reseller', 'tenant', 'labels', 'container')`),
    check('assignments_tenant_by_scope', sql`(${t.scope} = 'installation') = (${t.tenantId} is null)`),
    check('assignments_container_by_scope', sql`(${t.scope} = 'container') = (${t.containerId} is not null)`),
    check('assignments_labels_by_scope', sql`(${t.scope} = 'labels') = (cardinality(${t.labels}) > 0)`),
  ],
);

/** Invitations by mail. Single use; only the SHA-256 of the link's token is kept. */
export const invitations = pgTable(
  'invitations',
  {
    id: id(),
    /** Into which account; null: among the provider's staff. */
    tenantId: uuid('tenant_id').references(() => tenants.id),
    email: text('email').notNull(),
    grants: jsonb('grants').$type<StoredGrant[]>().notNull(),
    tokenHash: text('token_hash').notNull(),
    invitedBy: uuid('invited_by').notNull(),
    createdAt: createdAt(),
    expiresAt: at('expires_at').notNull(),
    /** Accepted, taken back, or replaced by a newer one. */
    endedAt: at('ended_at'),
  },
  (t) => [
    uniqueIndex('invitations_token').on(t.tokenHash),
    uniqueIndex('invitations_open')
      .on(sql`coalesce(${t.tenantId}, '00000000-0000-0000-0000-000000000000')`, t.email)
      .where(sql`${t.endedAt} is null`),
  ],
);

/** A role to give, as it was judged when it was asked for; it is judged again when it is taken up. */
export type StoredGrant = {
  role: Role;
  customRoleId: string | null;
  scope: ScopeKind;
  labels: string[];
  containerId: string | null;
  /** The account that it is over, where that is not the one it is given in. */
  tenantId?: string;
};
