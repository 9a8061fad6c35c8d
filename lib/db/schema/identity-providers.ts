import { sql } from 'drizzle-orm';
import { boolean, check, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { GroupMapping, ProviderTry } from '../../contract/identity.ts';
import { createdAt, id } from '../columns.ts';
import { tenants } from './tenants.ts';

/** Who else says who somebody is, by OpenID Connect. */
export const identityProviders = pgTable(
  'identity_providers',
  {
    id: id(),
    /** Under whose names it is offered; null: under the panel's own. */
    resellerId: uuid('reseller_id').references(() => tenants.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** Never changed: with the subject it is what people are known by. */
    issuer: text('issuer').notNull(),
    clientId: text('client_id').notNull(),
    /** Read by the sign-in alone. */
    sealedSecret: text('sealed_secret').notNull(),
    scopes: text('scopes').array().$type<string[]>().notNull(),
    groupsClaim: text('groups_claim'),
    mappings: jsonb('mappings').$type<GroupMapping[]>().notNull().default([]),
    unknownPeople: text('unknown_people').$type<'make' | 'refuse'>().notNull().default('refuse'),
    linkByEmail: boolean('link_by_email').notNull().default(false),
    exclusive: boolean('exclusive').notNull().default(false),
    trustedFactors: text('trusted_factors').array().$type<string[]>().notNull().default([]),
    privateNetwork: boolean('private_network').notNull().default(false),
    enabled: boolean('enabled').notNull().default(true),
    lastTry: jsonb('last_try').$type<ProviderTry>(),
    createdAt: createdAt(),
  },
  (t) => [
    index('identity_providers_reseller').on(t.resellerId),
    check('identity_providers_unknown', sql`${t.unknownPeople} in ('make', 'refuse')`),
    // A reseller's word leads out to the internet and nowhere else.
    check('identity_providers_private', sql`not ${t.privateNetwork} or ${t.resellerId} is null`),
  ],
);
