import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { Every, Keep } from '../../contract/schedules.ts';
import { at } from '../columns.ts';
import { containers } from './containers.ts';
import { tenants } from './tenants.ts';

/** When a container is backed up by itself, and how its runs went. */
export const backupSchedules = pgTable(
  'backup_schedules',
  {
    containerId: uuid('container_id')
      .primaryKey()
      .references(() => containers.id, { onDelete: 'cascade' }),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    enabled: boolean('enabled').notNull(),
    every: text('every').$type<Every>().notNull(),
    time: text('time').notNull(),
    weekday: integer('weekday').notNull(),
    monthDay: integer('month_day').notNull(),
    zone: text('zone').notNull(),
    keep: jsonb('keep').$type<Keep>().notNull(),
    /** Null while it is off. One that has passed is due, once, however long ago it was. */
    nextRunAt: at('next_run_at'),
    lastRunAt: at('last_run_at'),
    /** The operation of the latest run; null once its end was counted. */
    pendingOperationId: uuid('pending_operation_id'),
    failures: integer('failures').notNull().default(0),
    problem: text('problem'),
  },
  (t) => [
    index('backup_schedules_due').on(t.nextRunAt).where(sql`${t.enabled}`),
    index('backup_schedules_pending').on(t.pendingOperationId).where(sql`${t.pendingOperationId} is not null`),
    check('backup_schedules_every', sql`${t.every} in ('hour', 'day', 'week', 'month')`),
    check('backup_schedules_next', sql`not ${t.enabled} or ${t.nextRunAt} is not null`),
  ],
);
