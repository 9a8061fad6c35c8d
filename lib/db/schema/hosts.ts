import { sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import type { HostInfo } from '../../contract/agent.ts';
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
    createdAt: createdAt(),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
    hostId: uuid('host_id').references(() => hosts.id),
  },
  (t) => [uniqueIndex('enroll_tokens_hash').on(t.tokenHash), index('enroll_tokens_host').on(t.hostId)],
);
