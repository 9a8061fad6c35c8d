import { sql } from 'drizzle-orm';
import { check, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Resources } from '../../contract/fields.ts';
import { normalStartPriority } from '../../contract/restarts.ts';
import { createdAt, id } from '../columns.ts';

export const plans = pgTable(
  'plans',
  {
    id: id(),
    name: text('name').notNull(),
    resources: jsonb('resources').$type<Resources>().notNull(),
    /** Null: no limit. */
    maxContainers: integer('max_containers'),
    maxBackups: integer('max_backups').notNull(),
    /** Of a container, those made by people. */
    maxSnapshots: integer('max_snapshots').notNull().default(3),
    maxForwards: integer('max_forwards').notNull(),
    retentionHours: integer('retention_hours').notNull(),
    /** Containers of higher ones start earlier after a boot of their host. */
    startPriority: integer('start_priority').notNull().default(normalStartPriority),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('plans_name').on(sql`lower(${t.name})`),
    check('plans_start_priority', sql`${t.startPriority} between 0 and 100`),
  ],
);
