import { count, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { BerthError } from '../contract/errors.ts';
import type { Tx } from './client.ts';
import { takeTurn } from './turn.ts';

type Limit = {
  /** What is counted, and whose it is: those who count the same come one after the other. */
  turn: string;
  table: PgTable;
  where: SQL | undefined;
  most: number;
  /** In a sentence, how many there may be. */
  detail: string;
  /** What makes room. */
  remedy: string;
};

/**
 * Refuses what would be one more than there may be (`plan_limit`), however many ask at once: call it in the transaction that adds, before it
 * does.
 */
export async function refuseMoreThan(tx: Tx, { turn, table, where, most, detail, remedy }: Limit): Promise<void> {
  await takeTurn(tx, turn);
  const [row] = await tx.select({ n: count() }).from(table).where(where);
  if ((row?.n ?? 0) >= most) throw new BerthError('plan_limit', detail, { remedy });
}
