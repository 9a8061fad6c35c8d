import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import type { HostInfo, HostRecord } from '../../contract/agent-state.ts';
import type { EnrollResult } from '../../contract/agent-trust.ts';
import type { Power } from '../../contract/states.ts';
import { at, createdAt, id } from '../columns.ts';

export const hosts = pgTable(
  'hosts',
  {
    id: id(),
    name: text('name').notNull(),
    /** Where the agent is reached, e.g. https://127.0.0.1:7443. */
    address: text('address').notNull(),
    status: text('status').$type<'enrolling' | 'ok' | 'disabled'>().notNull(),
    /** When this portal last got an answer, by the portal's clock. */
    lastSeenAt: at('last_seen_at'),
    bootId: text('boot_id'),
    /** The host's clock minus ours, measured at the last answer. */
    clockOffsetMs: bigint('clock_offset_ms', { mode: 'number' }),
    info: jsonb('info').$type<z.infer<typeof HostInfo>>(),
    /** Set by a restore of the panel: nothing is done there, nor believed, until the host's own records have been read. */
    recordsWantedAt: at('records_wanted_at'),
    /** The newest head of the audit record that this host keeps. */
    auditHeadSeq: bigint('audit_head_seq', { mode: 'number' }),
    /** Somebody has said that it is gone: nothing is put there until it is taken into use again. */
    lostAt: at('lost_at'),
    /** When it is next asked to remove layers that nothing refers to; null: it never was. */
    collectLayersAt: at('collect_layers_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('hosts_name').on(t.name),
    check('hosts_status', sql`${t.status} in ('enrolling', 'ok', 'disabled')`),
  ],
);

/** Single-use tokens with which a host may join; only the SHA-256 is kept. */
export const enrollTokens = pgTable(
  'enroll_tokens',
  {
    id: id(),
    name: text('name').notNull(),
    tokenHash: text('token_hash').notNull(),
    /** Lets a host that is known join again. Made by set-up on the portal's own machine, never by the web. */
    rejoin: boolean('rejoin').notNull().default(false),
    createdAt: createdAt(),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
    hostId: uuid('host_id').references(() => hosts.id),
  },
  (t) => [uniqueIndex('enroll_tokens_hash').on(t.tokenHash), index('enroll_tokens_host').on(t.hostId)],
);

/** Requests of agents to join. The web writes them down; the worker, which alone has the authority's key, answers. */
export const enrolments = pgTable(
  'enrolments',
  {
    id: id(),
    tokenHash: text('token_hash').notNull(),
    csr: text('csr').notNull(),
    hostname: text('hostname').notNull(),
    address: text('address').notNull(),
    createdAt: createdAt(),
    answeredAt: at('answered_at'),
    result: jsonb('result').$type<EnrollResult>(),
    refusal: jsonb('refusal').$type<{ code: 'forbidden' | 'invalid' | 'conflict'; detail: string }>(),
  },
  (t) => [index('enrolments_waiting').on(t.createdAt).where(sql`${t.answeredAt} is null`)],
);

/**
 * Containers that a host has and the portal does not know, as after a restore of an older copy of the panel. A person decides:
 * adopted ones become containers, ignored ones stay here. Nothing deletes them on the host.
 */
export const orphans = pgTable(
  'orphans',
  {
    hostId: uuid('host_id')
      .notNull()
      .references(() => hosts.id, { onDelete: 'cascade' }),
    containerId: uuid('container_id').notNull(),
    state: text('state').$type<'orphaned' | 'ignored'>().notNull().default('orphaned'),
    /** As the host's records name it; the portal may not know this tenant any more. */
    tenantId: uuid('tenant_id').notNull(),
    /** The template among ours that has its layers. */
    templateId: uuid('template_id').notNull(),
    generation: integer('generation').notNull(),
    power: text('power').$type<Power>().notNull(),
    record: jsonb('record').$type<HostRecord>().notNull(),
    firstSeenAt: at('first_seen_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.hostId, t.containerId] }),
    check('orphans_state', sql`${t.state} in ('orphaned', 'ignored')`),
  ],
);

/**
 * Containers that were written off with their host. Should it come back, it has to stop what it has of them and never starts that
 * again; it is listed among its orphans, and nothing deletes it.
 */
export const lostCopies = pgTable(
  'lost_copies',
  {
    hostId: uuid('host_id')
      .notNull()
      .references(() => hosts.id, { onDelete: 'cascade' }),
    containerId: uuid('container_id').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    /** Orders to stop it carry at least this: above everything that was asked for before. */
    generation: integer('generation').notNull(),
    byName: text('by_name').notNull(),
    askedAt: at('asked_at').notNull().defaultNow(),
    /** When the container became a deleted one; null: an operation on it has to end first. */
    goneAt: at('gone_at'),
    /** When its tenant was told by mail. */
    toldAt: at('told_at'),
    /** When its host, which answered again, was seen to have it stopped; to be without it. */
    stoppedAt: at('stopped_at'),
    missingAt: at('missing_at'),
  },
  (t) => [
    primaryKey({ columns: [t.hostId, t.containerId] }),
    index('lost_copies_container').on(t.containerId),
    index('lost_copies_untold').on(t.tenantId).where(sql`${t.toldAt} is null`),
  ],
);
