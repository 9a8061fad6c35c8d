import { and, desc, eq, lt, or } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import type { PageQuery, Plan } from '../contract/rest.ts';
import { asActor } from '../db/client.ts';
import { decodeCursor, encodeCursor } from '../db/cursor.ts';
import { plans } from '../db/schema/plans.ts';

/** A plan as people see it. */
export function planOf(row: typeof plans.$inferSelect): Plan {
  const { createdAt: _, ...plan } = row;
  return plan;
}

/** Plans, newest first. */
export async function listPlans(
  actor: Actor,
  query: z.infer<typeof PageQuery>,
): Promise<{ items: Plan[]; nextCursor: string | null }> {
  authorize(actor, 'plan.read');
  const after = decodeCursor(query.cursor);
  const rows = await asActor(actor, (tx) =>
    tx
      .select()
      .from(plans)
      .where(
        after === undefined
          ? undefined
          : or(lt(plans.createdAt, after.at), and(eq(plans.createdAt, after.at), lt(plans.id, after.id))),
      )
      .orderBy(desc(plans.createdAt), desc(plans.id))
      .limit(query.limit + 1),
  );
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(planOf),
    nextCursor: rows.length > query.limit && last !== undefined ? encodeCursor(last.createdAt, last.id) : null,
  };
}
