import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, big, id } from '../columns.ts';

/** Who did what. Rows are only ever added: the database refuses everybody, its owner too, to change or delete them. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    at: at('at').notNull().defaultNow(),
    actorKind: text('actor_kind').notNull(),
    actorId: uuid('actor_id'),
    actorName: text('actor_name').notNull(),
    /** Whose consent the actor used, when their own rights do not reach so far. */
    onBehalfOfId: uuid('on_behalf_of_id'),
    onBehalfOfName: text('on_behalf_of_name'),
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
    index('audit_log_verb').on(t.verb, t.at.desc()),
    // What was done on a host without the portal is told until it is taken, and taken once.
    uniqueIndex('audit_log_local_action')
      .on(t.targetId, sql`(${t.detail}->>'localActionId')`)
      .where(sql`${t.detail} ? 'localActionId'`),
    check('audit_log_outcome', sql`${t.outcome} in ('allowed', 'denied', 'failed')`),
  ],
);

/**
 * The seals of the record, one an entry, in the order in which the worker sealed them: `hash` is over the hash before it and the
 * entry's content. Only ever added to.
 */
export const auditChain = pgTable(
  'audit_chain',
  {
    seq: big('seq').primaryKey(),
    entryId: uuid('entry_id').notNull(),
    hash: text('hash').notNull(),
    sealedAt: at('sealed_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('audit_chain_entry').on(t.entryId), check('audit_chain_seq', sql`${t.seq} > 0`)],
);

/** Entries that were written and are not sealed yet; a trigger of the record fills it. */
export const auditUnsealed = pgTable('audit_unsealed', { entryId: uuid('entry_id').primaryKey() });

/** The heads of the chain that were signed; the same lie on the hosts, out of reach of whoever can write this database. */
export const auditHeads = pgTable('audit_heads', {
  seq: big('seq').primaryKey(),
  hash: text('hash').notNull(),
  at: at('at').notNull(),
  jws: text('jws').notNull(),
});
