import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Usage } from '../../contract/agent-state.ts';
import type { AtBackupLimit } from '../../contract/backups.ts';
import type { Protocol, Resources } from '../../contract/fields.ts';
import type { Exit, RestartPolicy, Restarts } from '../../contract/restarts.ts';
import type { Desired, Power } from '../../contract/states.ts';
import { at, big, createdAt, id } from '../columns.ts';
import { hosts } from './hosts.ts';
import { plans } from './plans.ts';
import { templates } from './templates.ts';
import { tenants } from './tenants.ts';

export const containers = pgTable(
  'containers',
  {
    id: id(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    hostId: uuid('host_id')
      .notNull()
      .references(() => hosts.id),
    planId: uuid('plan_id')
      .notNull()
      .references(() => plans.id),
    templateId: uuid('template_id')
      .notNull()
      .references(() => templates.id),
    name: text('name').notNull(),
    hostname: text('hostname').notNull(),
    /** Raised by every exclusive operation; an agent refuses anything older. */
    generation: integer('generation').notNull().default(1),
    desired: text('desired').$type<Desired>().notNull().default('stopped'),
    resources: jsonb('resources').$type<Resources>().notNull(),
    /** The present private area on the host. */
    volumeId: uuid('volume_id').notNull(),
    /** People may be given a role over the containers with a label. */
    labels: text('labels').array().$type<string[]>().notNull().default([]),
    /** What was wanted of it before a hold stopped it, which comes back with the last such hold; null: none did. */
    heldDesired: text('held_desired').$type<Desired>(),
    /** Where its backups go; null: where its plan says. Refers to `backup_locations` (the migration has it). */
    locationId: uuid('location_id'),
    sshKeys: jsonb('ssh_keys').$type<string[]>().notNull().default([]),
    /** Content of keys that were among them, the latest last: they do not come back with older files. */
    removedSshKeys: jsonb('removed_ssh_keys').$type<string[]>().notNull().default([]),
    restartPolicy: text('restart_policy').$type<RestartPolicy>().notNull().default('on-failure'),
    /** Given by the host when it has made the container. */
    address: text('address'),
    idBase: bigint('id_base', { mode: 'number' }),
    createdOnHostAt: at('created_on_host_at'),
    observedPower: text('observed_power').$type<Power>(),
    /** When the portal heard it, by the portal's clock. */
    observedAt: at('observed_at'),
    /** Since when the power holds, by the host's clock. */
    observedSince: at('observed_since'),
    observedBootId: text('observed_boot_id'),
    /** In repair, a rescue system in its place, until then; all null when it is not. */
    repairSince: at('repair_since'),
    repairUntil: at('repair_until'),
    repairReadOnly: boolean('repair_read_only'),
    /** As its host told them last: the latest end, the latest few, and what it does to bring the container back. */
    lastExit: jsonb('last_exit').$type<Exit>(),
    exits: jsonb('exits').$type<Exit[]>().notNull().default([]),
    restarts: jsonb('restarts').$type<Restarts>(),
    usage: jsonb('usage').$type<Usage>(),
    /** When the plan allows no more backups: refuse, or let the oldest unprotected one go. */
    atBackupLimit: text('at_backup_limit').$type<AtBackupLimit>().notNull().default('refuse'),
    /** Instead of the plan's days; never more. */
    deletedBackupDays: integer('deleted_backup_days'),
    /** What its backups took at their location when that was last measured. */
    backupBytes: big('backup_bytes'),
    backupBytesAt: at('backup_bytes_at'),
    createdAt: createdAt(),
    deletedAt: at('deleted_at'),
    /** Deleted, and to be had back from its backups until then: its address and ports are nobody else's meanwhile. */
    undeleteUntil: at('undelete_until'),
    /** Deleted because it was lost with its server, and not by anybody's wish. */
    lostAt: at('lost_at'),
  },
  (t) => [
    uniqueIndex('containers_name').on(t.tenantId, t.name).where(sql`${t.deletedAt} is null`),
    index('containers_by_name').on(t.name, t.id).where(sql`${t.deletedAt} is null`),
    index('containers_labels').using('gin', t.labels),
    index('containers_host').on(t.hostId),
    index('containers_plan').on(t.planId),
    index('containers_repair').on(t.repairUntil).where(sql`${t.repairUntil} is not null`),
    index('containers_undelete').on(t.undeleteUntil).where(sql`${t.undeleteUntil} is not null`),
    check(
      'containers_repair_whole',
      sql`(${t.repairUntil} is null) = (${t.repairSince} is null) and (${t.repairUntil} is null) = (${t.repairReadOnly} is null)`,
    ),
    check('containers_at_backup_limit', sql`${t.atBackupLimit} in ('refuse', 'rotate')`),
    check('containers_desired', sql`${t.desired} in ('running', 'stopped')`),
    check('containers_restart_policy', sql`${t.restartPolicy} in ('never', 'on-failure', 'always')`),
    check('containers_held_desired', sql`${t.heldDesired} in ('running', 'stopped')`),
    check('containers_generation', sql`${t.generation} > 0`),
  ],
);

/** Reasons why a container, or all of a tenant's, may not run or be changed. Each is lifted by its own owner. */
export const holds = pgTable(
  'holds',
  {
    id: id(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    /** Null: all containers of the tenant, and what its people may change of the account. */
    containerId: uuid('container_id').references(() => containers.id, { onDelete: 'cascade' }),
    /** Containers are stopped while it lasts; else they are left as they are. */
    stop: boolean('stop').notNull().default(true),
    placedBy: text('placed_by'),
    reason: text('reason').$type<'billing' | 'abuse' | 'reseller' | 'provider'>().notNull(),
    message: text('message'),
    createdAt: createdAt(),
    liftedAt: at('lifted_at'),
  },
  (t) => [
    index('holds_live').on(t.tenantId).where(sql`${t.liftedAt} is null`),
    uniqueIndex('holds_one_of_a_reason').on(t.containerId, t.reason).where(sql`${t.liftedAt} is null`),
    uniqueIndex('holds_one_of_a_reason_on_a_tenant')
      .on(t.tenantId, t.reason)
      .where(sql`${t.liftedAt} is null and ${t.containerId} is null`),
    check('holds_reason', sql`${t.reason} in ('billing', 'abuse', 'reseller', 'provider')`),
  ],
);

export const portForwards = pgTable(
  'port_forwards',
  {
    id: id(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    containerId: uuid('container_id')
      .notNull()
      .references(() => containers.id, { onDelete: 'cascade' }),
    hostId: uuid('host_id')
      .notNull()
      .references(() => hosts.id),
    protocol: text('protocol').$type<Protocol>().notNull(),
    hostPort: integer('host_port').notNull(),
    containerPort: integer('container_port').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('port_forwards_host_port').on(t.hostId, t.protocol, t.hostPort),
    index('port_forwards_container').on(t.containerId),
    check('port_forwards_protocol', sql`${t.protocol} in ('tcp', 'udp')`),
    check('port_forwards_ports', sql`${t.hostPort} between 1 and 65535 and ${t.containerPort} between 1 and 65535`),
  ],
);
