import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Resources } from '../../contract/fields.ts';
import { normalStartPriority } from '../../contract/restarts.ts';
import type { Every } from '../../contract/schedules.ts';
import { big, createdAt, id } from '../columns.ts';
import { tenants } from './tenants.ts';

export const plans = pgTable(
  'plans',
  {
    id: id(),
    /** Whose it is; null: the provider's. */
    resellerId: uuid('reseller_id').references(() => tenants.id),
    name: text('name').notNull(),
    /** As people read it. Nothing is counted with it. */
    price: text('price').notNull().default(''),
    /** Nothing new is put on a plan that is not offered any more; what is on it stays. */
    offered: boolean('offered').notNull().default(true),
    resources: jsonb('resources').$type<Resources>().notNull(),
    /** Null: no limit. */
    maxContainers: integer('max_containers'),
    maxBackups: integer('max_backups').notNull(),
    /** Of a container, those made by people. */
    maxSnapshots: integer('max_snapshots').notNull().default(3),
    /** What a container's backups may take at their location; null: no limit. */
    maxBackupBytes: big('max_backup_bytes'),
    /** Nothing is backed up by itself more often; null: never. */
    backupEvery: text('backup_every').$type<Every>().default('hour'),
    /** For so many days a deleted backup can be had back. */
    deletedBackupDays: integer('deleted_backup_days').notNull().default(7),
    /** For so many days a deleted container can be had back from its backups. */
    deletedContainerDays: integer('deleted_container_days').notNull().default(14),
    maxForwards: integer('max_forwards').notNull(),
    retentionHours: integer('retention_hours').notNull(),
    /** Containers of higher ones start earlier after a boot of their host. */
    startPriority: integer('start_priority').notNull().default(normalStartPriority),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('plans_name').on(
      sql`coalesce(${t.resellerId}, '00000000-0000-0000-0000-000000000000')`,
      sql`lower(${t.name})`,
    ),
    index('plans_reseller').on(t.resellerId),
    check('plans_backup_every', sql`${t.backupEvery} in ('hour', 'day', 'week', 'month')`),
    check('plans_deleted_backup_days', sql`${t.deletedBackupDays} between 0 and 365`),
    check('plans_deleted_container_days', sql`${t.deletedContainerDays} between 0 and 365`),
    check('plans_start_priority', sql`${t.startPriority} between 0 and 100`),
  ],
);
