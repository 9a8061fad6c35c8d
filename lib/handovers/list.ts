import { and, eq, inArray, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, scopeFor } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Handover } from '#lib/contract/handovers.ts';
import type { handoversRoutes } from '#lib/contract/routes/handovers.ts';
import { asActor } from '#lib/db/client.ts';
import { newestFirst } from '#lib/db/cursor.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { between, pending, presentHandover, presentHandovers, sidesOf } from './present.ts';

const order = newestFirst(handovers.createdAt, handovers.id);
type Query = z.infer<(typeof handoversRoutes)['handovers.list']['query']>;

/** Offers that the actor may know of from either side, newest first; only those still to be decided, or about one container. */
export async function listHandovers(
  actor: Actor,
  query: Query,
): Promise<{ items: Handover[]; nextCursor: string | null }> {
  authorize(actor, 'handover.read');
  const found = await asActor(actor, (tx) =>
    tx
      .select({ id: handovers.id, createdAt: handovers.createdAt })
      .from(handovers)
      .where(
        and(
          known(actor),
          query.open === true ? inArray(handovers.state, [...pending]) : undefined,
          query.containerId === undefined ? undefined : eq(handovers.containerId, query.containerId),
          order.after(query.cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(query.limit + 1),
  );
  const { page, nextCursor } = order.cut(found, query.limit, (row) => ({ key: row.createdAt, id: row.id }));
  const ids = page.map((row) => row.id);
  return { items: await asActor(between, (tx) => presentHandovers(tx, actor, ids)), nextCursor };
}

/** One of them. */
export async function getHandover(actor: Actor, id: string): Promise<Handover> {
  authorize(actor, 'handover.read');
  const [row] = await asActor(actor, (tx) => tx.select().from(handovers).where(eq(handovers.id, id)));
  if (row === undefined) throw new BerthError('not_found');
  const { giver, receiver } = sidesOf(actor, row);
  if (!giver && !receiver) throw new BerthError('not_found');
  return await asActor(between, (tx) => presentHandover(tx, actor, id));
}

/** The circle that row-level security draws, narrowed to where the right to read offers is had. */
function known(actor: Actor): SQL | undefined {
  const scope = scopeFor(actor, 'handover.read');
  if (scope.kind !== 'tenant') return undefined;
  const ids = [...scope.tenantIds];
  if (ids.length === 0) return sql`false`;
  return or(inArray(handovers.tenantId, ids), and(inArray(handovers.toTenantId, ids), isNotNull(handovers.giverAt)));
}
