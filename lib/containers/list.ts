import { and, arrayContains, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { Container, ContainerQuery } from '#lib/contract/containers.ts';
import { pageSize } from '#lib/contract/lists.ts';
import { asActor } from '#lib/db/client.ts';
import { byName } from '#lib/db/cursor.ts';
import { contains } from '#lib/db/filters.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { within } from '#lib/db/scope.ts';
import { inState } from './in-state.ts';
import { presentContainers, selectContainers } from './present.ts';

const order = byName(containers.name, containers.id);

type Query = Partial<z.infer<typeof ContainerQuery>>;

/** Containers within the actor's scope, by name: those there are, or with `deleted` those that can be had back. `q` is looked for in names, host names and addresses. */
export async function listContainers(
  actor: Actor,
  query: Query,
): Promise<{ items: Container[]; nextCursor: string | null }> {
  authorize(actor, 'container.read');
  const limit = query.limit ?? pageSize;
  const { state } = query;
  return await asActor(actor, async (tx) => {
    const rows = await selectContainers(tx)
      .where(
        and(
          query.deleted === true
            ? and(isNotNull(containers.deletedAt), gt(containers.undeleteUntil, sql`now()`))
            : isNull(containers.deletedAt),
          within(actor, 'container.read', { tenant: containers.tenantId, container: containers.id }),
          query.label === undefined ? undefined : arrayContains(containers.labels, [query.label]),
          query.tenantId === undefined ? undefined : eq(containers.tenantId, query.tenantId),
          query.hostId === undefined ? undefined : eq(containers.hostId, query.hostId),
          query.planId === undefined ? undefined : eq(containers.planId, query.planId),
          state === undefined ? undefined : inState(state, Date.now()),
          contains(query.q, containers.name, containers.hostname, containers.address),
          order.after(query.cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(limit + 1);
    const { page, nextCursor } = order.cut(rows, limit, ({ container }) => ({ key: container.name, id: container.id }));
    const items = await presentContainers(tx, actor, page);
    // What has left the state between the two questions is not in it.
    return { items: state === undefined ? items : items.filter((one) => one.state === state), nextCursor };
  });
}
