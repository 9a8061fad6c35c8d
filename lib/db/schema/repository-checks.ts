import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { Finding } from '../../contract/integrity.ts';
import { at } from '../columns.ts';
import { repositories } from './backups.ts';
import { hosts } from './hosts.ts';
import { tenants } from './tenants.ts';

/** How a repository, as one host reaches it, is read back part by part, and what was found. */
export const repositoryChecks = pgTable(
  'repository_checks',
  {
    repositoryId: uuid('repository_id')
      .notNull()
      .references(() => repositories.id, { onDelete: 'cascade' }),
    hostId: uuid('host_id')
      .notNull()
      .references(() => hosts.id, { onDelete: 'cascade' }),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    /** The part that comes next, from 1. */
    nextPart: integer('next_part').notNull().default(1),
    nextAt: at('next_at').notNull(),
    lastAt: at('last_at'),
    roundStartedAt: at('round_started_at'),
    roundEndedAt: at('round_ended_at'),
    /** Why the latest could not be done. */
    problem: text('problem'),
    found: jsonb('found').$type<(Finding & { at: string })[]>().notNull().default([]),
    layersLost: jsonb('layers_lost').$type<string[]>().notNull().default([]),
  },
  (t) => [
    primaryKey({ columns: [t.repositoryId, t.hostId] }),
    index('repository_checks_due').on(t.nextAt),
    check('repository_checks_part', sql`${t.nextPart} >= 1`),
  ],
);
