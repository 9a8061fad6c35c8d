import { and, arrayContains, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { type Container, type ContainerQuery, pageSize } from '#lib/contract/rest.ts';
import type { ContainerState } from '#lib/contract/states.ts';
import { asActor } from '#lib/db/client.ts';
import { byName } from '#lib/db/cursor.ts';
import { contains } from '#lib/db/filters.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { within } from '#lib/db/scope.ts';
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
  if (query.state !== undefined) return await inState(actor, query, query.state, limit);
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
          contains(query.q, containers.name, containers.hostname, containers.address),
          order.after(query.cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(limit + 1);
    const { page, nextCursor } = order.cut(rows, limit, ({ container }) => ({ key: container.name, id: container.id }));
    return { items: await presentContainers(tx, actor, page), nextCursor };
  });
}

/** So many containers are looked at for one page of those in a state; what is further on is behind the cursor. */
const mostLookedAt = 2_000;

/** A container's state is derived from what is known of it, by the rule in the contract: nothing the database could look for. */
async function inState(
  actor: Actor,
  { state: _, ...query }: Query,
  state: ContainerState,
  limit: number,
): Promise<{ items: Container[]; nextCursor: string | null }> {
  const items: Container[] = [];
  let cursor = query.cursor;
  for (let looked = 0; looked < mostLookedAt; ) {
    const page = await listContainers(actor, { ...query, limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    for (const one of page.items) {
      if (one.state === state) items.push(one);
      if (items.length === limit) {
        const last = one.id === page.items.at(-1)?.id;
        return { items, nextCursor: last ? page.nextCursor : order.cursor({ key: one.name, id: one.id }) };
      }
    }
    if (page.nextCursor === null) return { items, nextCursor: null };
    cursor = page.nextCursor;
    looked += page.items.length;
  }
  return { items, nextCursor: cursor ?? null };
}
