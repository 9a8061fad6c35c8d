import { sql } from 'drizzle-orm';
import { check, index, pgTable, real, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { big, createdAt, id } from '../columns.ts';
import { containers } from './containers.ts';
import { templates } from './templates.ts';
import { tenants } from './tenants.ts';

/** Copies of a container's files on its own host, for "before I try this". Not backups: they go with their host. */
export const snapshots = pgTable(
  'snapshots',
  {
    /** Its id on the host too. */
    id: id(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    containerId: uuid('container_id')
      .notNull()
      .references(() => containers.id, { onDelete: 'cascade' }),
    /** The operation that makes it. No foreign key: the row is written a moment earlier, in the same transaction. */
    operationId: uuid('operation_id').notNull(),
    name: text('name').notNull(),
    /** Automatic ones are taken before a roll-back; only the latest of a container stays. */
    kind: text('kind').$type<'manual' | 'automatic'>().notNull(),
    state: text('state').$type<'making' | 'present' | 'deleting' | 'deleted' | 'failed'>().notNull(),
    /** What it took when it was made; blocks that did not change since are shared with the container. */
    bytes: big('bytes'),
    freezeMs: real('freeze_ms'),
    /** The template its files belong on. */
    templateId: uuid('template_id')
      .notNull()
      .references(() => templates.id),
    actorName: text('actor_name').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('snapshots_container').on(t.containerId, t.createdAt.desc()),
    uniqueIndex('snapshots_operation').on(t.operationId),
    check('snapshots_kind', sql`${t.kind} in ('manual', 'automatic')`),
    check('snapshots_state', sql`${t.state} in ('making', 'present', 'deleting', 'deleted', 'failed')`),
  ],
);
