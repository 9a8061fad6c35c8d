import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { auditLog } from '../db/schema/audit.ts';

/** What the first seal stands on. */
export const chainStart = '0'.repeat(64);

/**
 * The seal of an entry at its place: SHA-256 over the seal before it, the place, and the whole entry in canonical JSON (RFC 8785),
 * so that whoever has the rows can compute it anew. What is null is left out: a column that comes later breaks no earlier seal.
 */
export function sealOf(previous: string, seq: number, entry: typeof auditLog.$inferSelect): string {
  const fields = Object.entries({ ...entry, at: entry.at.toISOString() }).filter(([, value]) => value !== null);
  const content = canonicalize({ previous, seq, entry: Object.fromEntries(fields) });
  if (content === undefined) throw new Error('an entry has no canonical form');
  return createHash('sha256').update(content).digest('hex');
}
