import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, real, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { BackupLocation } from '../../contract/agent-backups.ts';
import type { BackupState } from '../../contract/backups.ts';
import type { Resources } from '../../contract/fields.ts';
import type { AroundOutcomes, BackupHealth } from '../../contract/integrity.ts';
import type { TemplateRef } from '../../contract/templates.ts';
import { at, big, createdAt, id } from '../columns.ts';
import { containers } from './containers.ts';
import { operations } from './operations.ts';
import { tenants } from './tenants.ts';

export const backupLocations = pgTable(
  'backup_locations',
  {
    id: id(),
    /** Whose; null: the provider's, for every tenant whose plan or container names it. */
    tenantId: uuid('tenant_id').references(() => tenants.id),
    name: text('name').notNull(),
    kind: text('kind').$type<BackupLocation['kind']>().notNull(),
    /** Of a directory. */
    path: text('path'),
    /** Of a server elsewhere; the last three of a bucket. */
    url: text('url'),
    bucket: text('bucket'),
    prefix: text('prefix'),
    region: text('region'),
    /** What hosts sign in with cannot delete there. */
    appendOnly: boolean('append_only').notNull().default(false),
    /** Whether the loss of the server leaves it whole. */
    offsite: boolean('offsite').notNull(),
    /** What one signs in with, on its way: a sealed value that the web may write and the worker alone takes. */
    credentialsRef: uuid('credentials_ref'),
    /** The same at rest, sealed under the key-encryption key. */
    sealedCredentials: text('sealed_credentials'),
    createdAt: createdAt(),
    removedAt: at('removed_at'),
  },
  (t) => [
    uniqueIndex('backup_locations_name').on(t.name).where(sql`${t.tenantId} is null and ${t.removedAt} is null`),
    uniqueIndex('backup_locations_tenant_name')
      .on(t.tenantId, t.name)
      .where(sql`${t.tenantId} is not null and ${t.removedAt} is null`),
    check('backup_locations_kind', sql`${t.kind} in ('directory', 'rest', 's3')`),
    check('backup_locations_shape', sql`(${t.kind} = 'directory') = (${t.url} is null)`),
    check('backup_locations_directory', sql`${t.kind} <> 'directory' or (${t.path} is not null and not ${t.offsite})`),
    check('backup_locations_own', sql`${t.tenantId} is null or ${t.kind} <> 'directory'`),
  ],
);

/** One restic repository per tenant and location. Both passwords are sealed under the key-encryption key. */
export const repositories = pgTable(
  'repositories',
  {
    id: id(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    locationId: uuid('location_id')
      .notNull()
      .references(() => backupLocations.id),
    sealedPassword: text('sealed_password').notNull(),
    sealedRecoveryPassword: text('sealed_recovery_password').notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('repositories_tenant_location').on(t.tenantId, t.locationId)],
);

export const backups = pgTable(
  'backups',
  {
    id: id(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    /** Backups stay when their container is deleted. */
    containerId: uuid('container_id')
      .notNull()
      .references(() => containers.id),
    repositoryId: uuid('repository_id')
      .notNull()
      .references(() => repositories.id),
    operationId: uuid('operation_id')
      .notNull()
      .references(() => operations.id),
    name: text('name').notNull().default(''),
    note: text('note').notNull().default(''),
    /** Made by the container's schedule, whose rules say how long it stays. */
    scheduled: boolean('scheduled').notNull().default(false),
    /** Never rotated, and deleted only after that is taken off. */
    protected: boolean('protected').notNull().default(false),
    state: text('state').$type<BackupState>().notNull(),
    resticSnapshotId: text('restic_snapshot_id'),
    /** What the container was on, as its host said it: what a restore needs. */
    template: jsonb('template').$type<TemplateRef>(),
    templateId: uuid('template_id'),
    resources: jsonb('resources').$type<Resources>(),
    hostname: text('hostname'),
    files: integer('files'),
    bytesTotal: big('bytes_total'),
    bytesAdded: big('bytes_added'),
    /** What deleting it would have freed at the time it was last measured. */
    freesBytes: big('frees_bytes'),
    freesAt: at('frees_at'),
    /** When it was last part of the measured whole, `containers.backupBytes`; null: that does not hold it. */
    countedAt: at('counted_at'),
    freezeMs: real('freeze_ms'),
    /** What came of the commands run inside around it; null: there were none. */
    commands: jsonb('commands').$type<AroundOutcomes>(),
    verifiedAt: at('verified_at'),
    /** What the latest look at it said; `unchecked`: nobody has looked. */
    health: text('health').$type<BackupHealth>().notNull().default('unchecked'),
    /** Since when nothing of it has been read that was not as it should be; of a damaged one, when that was found. */
    healthAt: at('health_at'),
    /** Some names of what a damaged one lacks. */
    missing: jsonb('missing').$type<string[]>(),
    /** When whoever has to know of its damage was told. */
    damageToldAt: at('damage_told_at'),
    actorName: text('actor_name').notNull(),
    createdAt: createdAt(),
    /** Removed: when, and until when it can be had back. */
    removedAt: at('removed_at'),
    purgeAt: at('purge_at'),
  },
  (t) => [
    index('backups_purge').on(t.purgeAt).where(sql`${t.state} = 'removed'`),
    check(
      'backups_removed',
      sql`(${t.state} = 'removed') <= (${t.removedAt} is not null and ${t.purgeAt} is not null)`,
    ),
    index('backups_container').on(t.containerId, t.createdAt.desc()),
    index('backups_tenant').on(t.tenantId, t.createdAt.desc()),
    uniqueIndex('backups_operation').on(t.operationId),
    check(
      'backups_state',
      sql`${t.state} in ('running', 'complete', 'failed', 'removed', 'deleting', 'pending-prune', 'deleted')`,
    ),
    index('backups_damaged').on(t.repositoryId).where(sql`${t.health} = 'damaged'`),
    check('backups_health', sql`${t.health} in ('whole', 'damaged', 'unchecked')`),
    check('backups_health_at', sql`${t.health} = 'unchecked' or ${t.healthAt} is not null`),
    check(
      'backups_complete',
      sql`${t.state} <> 'complete' or (${t.resticSnapshotId} is not null and ${t.template} is not null and ${t.verifiedAt} is not null)`,
    ),
  ],
);
