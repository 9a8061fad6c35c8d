import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { HandoverState } from '../../contract/handovers.ts';
import { at, createdAt, id } from '../columns.ts';
import { containers } from './containers.ts';
import { tenants } from './tenants.ts';

/**
 * Offers of containers from one account to another, with both sides' consents. The one row is seen from both sides, and says nothing of either
 * but what the offer is about.
 */
export const handovers = pgTable(
  'handovers',
  {
    id: id(),
    /** The account that gives. */
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    containerId: uuid('container_id')
      .notNull()
      .references(() => containers.id),
    /** What it is called with the giver. */
    containerName: text('container_name').notNull(),
    /** Whom the offer reaches; null: nobody. Its maker is not told which. */
    toTenantId: uuid('to_tenant_id').references(() => tenants.id),
    /** As it was asked for: an address, an id, or where it came from. */
    toWords: text('to_words').notNull(),
    note: text('note').notNull().default(''),
    state: text('state').$type<HandoverState>().notNull(),
    offeredById: uuid('offered_by_id').notNull(),
    offeredByName: text('offered_by_name').notNull(),
    giverId: uuid('giver_id'),
    giverName: text('giver_name'),
    giverAt: at('giver_at'),
    receiverId: uuid('receiver_id'),
    receiverName: text('receiver_name'),
    receiverAt: at('receiver_at'),
    operationId: uuid('operation_id'),
    /** Of a finished one: what is left with the giver hangs on this deleted container. */
    leftId: uuid('left_id').references(() => containers.id),
    /** Of a finished one: what the receiver's first backup was asked for, or found not to be had. */
    backupAsked: boolean('backup_asked').notNull().default(false),
    backupTries: integer('backup_tries').notNull().default(0),
    createdAt: createdAt(),
    expiresAt: at('expires_at').notNull(),
    endedAt: at('ended_at'),
  },
  (t) => [
    uniqueIndex('handovers_one_open').on(t.containerId).where(sql`${t.state} in ('asked', 'open', 'moving')`),
    index('handovers_giver').on(t.tenantId, t.createdAt.desc()),
    index('handovers_receiver').on(t.toTenantId, t.createdAt.desc()),
    index('handovers_expire').on(t.expiresAt).where(sql`${t.state} in ('asked', 'open', 'moving')`),
    index('handovers_backup').on(t.endedAt).where(sql`${t.state} = 'done' and not ${t.backupAsked}`),
    check(
      'handovers_state',
      sql`${t.state} in ('asked', 'open', 'moving', 'done', 'declined', 'withdrawn', 'expired')`,
    ),
    check(
      'handovers_consents',
      sql`${t.state} not in ('moving', 'done') or (${t.giverAt} is not null and ${t.receiverAt} is not null)`,
    ),
    check('handovers_ended', sql`(${t.endedAt} is null) = (${t.state} in ('asked', 'open', 'moving'))`),
    check('handovers_other', sql`${t.toTenantId} <> ${t.tenantId}`),
  ],
);
