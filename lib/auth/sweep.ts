import { sql } from 'drizzle-orm';
import type { Tx } from '../db/client.ts';

/**
 * Forgets sessions and links a month after their end, and throttle counts whose time is over. For the worker; as often as one
 * likes. Tokens of the API stay: their revocation is part of the record.
 */
export async function sweepAccounts(tx: Tx): Promise<void> {
  await tx.execute(sql`delete from sessions where least(revoked_at, expires_at) < now() - interval '30 days'`);
  await tx.execute(sql`delete from login_tokens where expires_at < now() - interval '30 days'`);
  await tx.execute(sql`delete from device_logins where expires_at < now() - interval '1 day'`);
  await tx.execute(sql`delete from login_throttle where expire < extract(epoch from now()) * 1000`);
}
