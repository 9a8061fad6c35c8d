import { and, eq, inArray } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { type PageQuery, pageSize } from '#lib/contract/lists.ts';
import type { Snapshots } from '#lib/contract/snapshots.ts';
import { asActor } from '#lib/db/client.ts';
import { newestFirst } from '#lib/db/cursor.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { livingStates, presentSnapshot, selectSnapshots } from './present.ts';

const order = newestFirst(snapshots.createdAt, snapshots.id);

/** Snapshots of one container, newest first, with how many of its own the plan allows. */
export async function listSnapshots(
  actor: Actor,
  containerId: string,
  query: Partial<z.infer<typeof PageQuery>>,
): Promise<Snapshots> {
  authorize(actor, 'snapshot.read');
  const limit = query.limit ?? pageSize;
  return await asActor(actor, async (tx) => {
    const [found] = await tx
      .select({ tenantId: containers.tenantId, max: plans.maxSnapshots })
      .from(containers)
      .innerJoin(plans, eq(plans.id, containers.planId))
      .where(eq(containers.id, containerId));
    if (found === undefined) throw new BerthError('not_found');
    authorize(actor, 'snapshot.read', { tenantId: found.tenantId, containerId });
    const rows = await selectSnapshots(tx)
      .where(
        and(
          eq(snapshots.containerId, containerId),
          inArray(snapshots.state, [...livingStates]),
          order.after(query.cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(limit + 1);
    const cut = order.cut(rows, limit, ({ snapshot }) => ({ key: snapshot.createdAt, id: snapshot.id }));
    return { items: cut.page.map(presentSnapshot), nextCursor: cut.nextCursor, max: found.max };
  });
}
