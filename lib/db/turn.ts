import { sql } from 'drizzle-orm';
import type { Tx } from './client.ts';

/**
 * Those who take a turn of the same name come one after the other, each until the end of their transaction. For what has no row to lock yet, or
 * one that whoever counts or decides may not lock. Taking it again in the same transaction waits for nobody.
 */
export async function takeTurn(tx: Tx, name: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}
