import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import type { PageQuery, Plan } from '../contract/rest.ts';
import { asActor } from '../db/client.ts';
import { newestFirst } from '../db/cursor.ts';
import { plans } from '../db/schema/plans.ts';

/** A plan as people see it. */
export function planOf(row: typeof plans.$inferSelect): Plan {
  const { createdAt: _, ...plan } = row;
  return plan;
}

const order = newestFirst(plans.createdAt, plans.id);

/** Plans, newest first. */
export async function listPlans(
  actor: Actor,
  query: z.infer<typeof PageQuery>,
): Promise<{ items: Plan[]; nextCursor: string | null }> {
  authorize(actor, 'plan.read');
  const rows = await asActor(actor, (tx) =>
    tx
      .select()
      .from(plans)
      .where(order.after(query.cursor))
      .orderBy(...order.by)
      .limit(query.limit + 1),
  );
  const { page, nextCursor } = order.cut(rows, query.limit, (row) => ({ key: row.createdAt, id: row.id }));
  return {
    items: page.map(planOf),
    nextCursor,
  };
}
