import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, id } from '../columns.ts';

/** Who did what. Rows are only ever added: no role but the owner of the database may change or delete them. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    at: at('at').notNull().defaultNow(),
    actorKind: text('actor_kind').notNull(),
    actorId: uuid('actor_id'),
    actorName: text('actor_name').notNull(),
    verb: text('verb').notNull(),
    outcome: text('outcome').$type<'allowed' | 'denied' | 'failed'>().notNull(),
    tenantId: uuid('tenant_id'),
    targetKind: text('target_kind').notNull(),
    targetId: text('target_id'),
    targetName: text('target_name'),
    address: text('address'),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [
    index('audit_log_newest').on(t.at.desc(), t.id.desc()),
    index('audit_log_tenant').on(t.tenantId, t.at.desc()),
    // What was done on a host without the portal is told until it is taken, and taken once.
    uniqueIndex('audit_log_local_action')
      .on(t.targetId, sql`(${t.detail}->>'localActionId')`)
      .where(sql`${t.detail} ? 'localActionId'`),
    check('audit_log_outcome', sql`${t.outcome} in ('allowed', 'denied', 'failed')`),
  ],
);
