import { eq } from 'drizzle-orm';
import { BerthError } from '../contract/errors.ts';
import type { Tx } from '../db/client.ts';
import { plans } from '../db/schema/plans.ts';
import { takeTurn } from '../db/turn.ts';

/**
 * A plan, changed by nobody else until the transaction ends. Not by the row's lock: resellers know the provider's plans, and may not lock what
 * they may not change.
 */
export async function planToChange(tx: Tx, id: string): Promise<typeof plans.$inferSelect> {
  await takeTurn(tx, `plan:${id}`);
  const [plan] = await tx.select().from(plans).where(eq(plans.id, id));
  if (plan === undefined) throw new BerthError('not_found');
  return plan;
}
