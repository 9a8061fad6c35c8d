import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { pageSize } from '#lib/contract/lists.ts';
import type { Operation, OperationQuery } from '#lib/contract/operations.ts';
import { asActor } from '#lib/db/client.ts';
import { newestFirst } from '#lib/db/cursor.ts';
import { between } from '#lib/db/filters.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { within } from '#lib/db/scope.ts';
import { joined, presentAll, selectOperations } from './find.ts';

const order = newestFirst(operations.queuedAt, operations.id);

/** Operations within the actor's scope, newest first. */
export async function listOperations(
  actor: Actor,
  query: Partial<z.infer<typeof OperationQuery>>,
): Promise<{ items: Operation[]; nextCursor: string | null }> {
  authorize(actor, 'operation.read');
  const limit = query.limit ?? pageSize;
  return await asActor(actor, async (tx) => {
    const rows = await selectOperations(tx)
      .where(
        and(
          within(actor, 'operation.read', { tenant: operations.tenantId, container: operations.containerId }),
          query.containerId === undefined ? undefined : eq(operations.containerId, query.containerId),
          query.state === undefined ? undefined : eq(operations.state, query.state),
          query.kind === undefined ? undefined : eq(operations.kind, query.kind),
          query.tenantId === undefined ? undefined : eq(operations.tenantId, query.tenantId),
          query.hostId === undefined ? undefined : eq(operations.hostId, query.hostId),
          between(operations.queuedAt, query),
          order.after(query.cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(limit + 1);
    const { page, nextCursor } = order.cut(rows, limit, ({ operation }) => ({
      key: operation.queuedAt,
      id: operation.id,
    }));
    return { items: await presentAll(tx, actor, page.map(joined)), nextCursor };
  });
}
