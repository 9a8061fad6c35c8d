import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, id } from '../columns.ts';
import { hosts } from './hosts.ts';
import { tenants } from './tenants.ts';

/** A time in which hosts do not work: declared by a person, or seen because an agent fell silent. */
export const outages = pgTable(
  'outages',
  {
    id: id(),
    kind: text('kind').$type<'declared' | 'silent'>().notNull(),
    title: text('title').notNull(),
    updates: jsonb('updates').$type<{ at: string; message: string }[]>().notNull(),
    report: text('report'),
    declaredByName: text('declared_by_name').notNull(),
    startedAt: at('started_at').notNull().defaultNow(),
    endedAt: at('ended_at'),
    /** How many of `updates`, and whether the end, those concerned were written to about. */
    toldUpdates: integer('told_updates').notNull().default(0),
    toldEndAt: at('told_end_at'),
  },
  (t) => [
    index('outages_newest').on(t.startedAt.desc(), t.id.desc()),
    index('outages_open').on(t.startedAt).where(sql`${t.endedAt} is null`),
    check('outages_kind', sql`${t.kind} in ('declared', 'silent')`),
    check('outages_report', sql`(${t.endedAt} is null) = (${t.report} is null)`),
  ],
);

export const outageHosts = pgTable(
  'outage_hosts',
  {
    outageId: uuid('outage_id')
      .notNull()
      .references(() => outages.id, { onDelete: 'cascade' }),
    hostId: uuid('host_id')
      .notNull()
      .references(() => hosts.id),
    /** While it is silent there is one outage of that kind; null in declared ones and in those that are over. */
    silentHostId: uuid('silent_host_id'),
  },
  (t) => [
    primaryKey({ columns: [t.outageId, t.hostId] }),
    uniqueIndex('outage_hosts_one_silence').on(t.silentHostId).where(sql`${t.silentHostId} is not null`),
  ],
);

/** Whom it concerns, computed when it began. */
export const outageTenants = pgTable(
  'outage_tenants',
  {
    outageId: uuid('outage_id')
      .notNull()
      .references(() => outages.id, { onDelete: 'cascade' }),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    containers: integer('containers').notNull(),
  },
  (t) => [primaryKey({ columns: [t.outageId, t.tenantId] }), index('outage_tenants_tenant').on(t.tenantId)],
);
