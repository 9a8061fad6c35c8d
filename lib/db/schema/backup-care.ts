import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { TestEvery, TestReport } from '../../contract/backup-care.ts';
import type { AroundCommands, InsideCommand } from '../../contract/integrity.ts';
import { at, createdAt } from '../columns.ts';
import { backups } from './backups.ts';
import { containers } from './containers.ts';
import { tenants } from './tenants.ts';

/** How a container's backups are looked after: when the newest is tested by restoring it, and how that went. */
export const backupCare = pgTable(
  'backup_care',
  {
    containerId: uuid('container_id')
      .primaryKey()
      .references(() => containers.id, { onDelete: 'cascade' }),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    testEvery: text('test_every').$type<TestEvery>().notNull().default('month'),
    /** Run inside the restored container; null: it is enough that it starts. */
    probe: jsonb('probe').$type<InsideCommand>(),
    /** Run inside around every backup; null: none. */
    commands: jsonb('commands').$type<AroundCommands>(),
    nextTestAt: at('next_test_at'),
    /** Tests in a row that a backup did not pass. */
    failures: integer('failures').notNull().default(0),
    /** Why the latest test could not be done; null when it was. */
    problem: text('problem'),
    createdAt: createdAt(),
  },
  (t) => [
    index('backup_care_due').on(t.nextTestAt).where(sql`${t.testEvery} <> 'never'`),
    check('backup_care_every', sql`${t.testEvery} in ('never', 'week', 'month')`),
  ],
);

/** What came of testing a backup: one for each test that was done. */
export const backupTests = pgTable(
  'backup_tests',
  {
    /** The operation's. */
    id: uuid('id').primaryKey(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    containerId: uuid('container_id')
      .notNull()
      .references(() => containers.id, { onDelete: 'cascade' }),
    backupId: uuid('backup_id')
      .notNull()
      .references(() => backups.id, { onDelete: 'cascade' }),
    passed: boolean('passed').notNull(),
    testedAt: at('tested_at').notNull(),
    report: jsonb('report').$type<TestReport>().notNull(),
    /** When whoever has to know that it was not passed was told. */
    toldAt: at('told_at'),
  },
  (t) => [
    index('backup_tests_backup').on(t.backupId, t.testedAt.desc()),
    index('backup_tests_container').on(t.containerId, t.testedAt.desc()),
    index('backup_tests_untold').on(t.testedAt).where(sql`not ${t.passed} and ${t.toldAt} is null`),
  ],
);
