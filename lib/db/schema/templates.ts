import { sql } from 'drizzle-orm';
import { boolean, check, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { InitKind } from '../../contract/transfers.ts';
import { at, big, createdAt, id } from '../columns.ts';
import { hosts } from './hosts.ts';

export const templates = pgTable(
  'templates',
  {
    id: id(),
    name: text('name').notNull(),
    version: text('version').notNull(),
    title: text('title').notNull(),
    init: text('init').$type<InitKind>().notNull(),
    /** Digests, lowest layer first. */
    layers: jsonb('layers').$type<string[]>().notNull(),
    bytes: big('bytes').notNull(),
    /** Containers of it get a forwarded port to their ssh server. */
    sshServer: boolean('ssh_server').notNull().default(false),
    /** Since when nothing new is made from it; null: it is offered. */
    withdrawnAt: at('withdrawn_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('templates_name_version').on(t.name, t.version),
    check('templates_init', sql`${t.init} in ('systemd', 'busybox', 'sysvinit')`),
  ],
);

/** Which hosts hold all layers of a template. */
export const hostTemplates = pgTable(
  'host_templates',
  {
    hostId: uuid('host_id')
      .notNull()
      .references(() => hosts.id, { onDelete: 'cascade' }),
    templateId: uuid('template_id')
      .notNull()
      .references(() => templates.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.hostId, t.templateId] })],
);
