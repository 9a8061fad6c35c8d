import { sql } from 'drizzle-orm';
import { check, integer, numeric, pgTable, uuid } from 'drizzle-orm/pg-core';
import { at, big } from '../columns.ts';
import { tenants } from './tenants.ts';

/**
 * What the provider lets a reseller use, in sums over all containers of its tenants; null: no limit. A reseller without a
 * row has no limits. Written by the provider alone, but for what is offered.
 */
export const resellerQuotas = pgTable(
  'reseller_quotas',
  {
    resellerId: uuid('reseller_id')
      .primaryKey()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    maxContainers: integer('max_containers'),
    cpuCores: numeric('cpu_cores', { mode: 'number' }),
    memoryBytes: big('memory_bytes'),
    diskBytes: big('disk_bytes'),
    /** Of what plans promise to containers, not of what backups take at the moment. */
    backupBytes: big('backup_bytes'),
    /** Its containers are made on these servers only; null: on any. */
    hostIds: uuid('host_ids').array(),
    /** It may offer these templates; null: all. */
    templateIds: uuid('template_ids').array(),
    /** Of those, what the reseller offers its tenants; null: all it may. */
    offeredTemplateIds: uuid('offered_template_ids').array(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [
    check(
      'reseller_quotas_positive',
      sql`least(${t.maxContainers}, ${t.cpuCores}, ${t.memoryBytes}, ${t.diskBytes}, ${t.backupBytes}) >= 0`,
    ),
  ],
);
