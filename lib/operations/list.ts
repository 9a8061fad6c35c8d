import { and, desc, eq, lt, or } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { type OperationQuery, pageSize } from '#lib/contract/rest.ts';
import { asActor } from '#lib/db/client.ts';
import { decodeCursor, encodeCursor } from '#lib/db/cursor.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { joined, presentAll, selectOperations } from './find.ts';

/** Operations within the actor's scope, newest first. */
export async function listOperations(
  actor: Actor,
  query: Partial<z.infer<typeof OperationQuery>>,
): Promise<{ items: Operation[]; nextCursor: string | null }> {
  authorize(actor, 'operation.read');
  const limit = query.limit ?? pageSize;
  const after = decodeCursor(query.cursor);
  return await asActor(actor, async (tx) => {
    const rows = await selectOperations(tx)
      .where(
        and(
          query.containerId === undefined ? undefined : eq(operations.containerId, query.containerId),
          query.state === undefined ? undefined : eq(operations.state, query.state),
          query.kind === undefined ? undefined : eq(operations.kind, query.kind),
          after === undefined
            ? undefined
            : or(
                lt(operations.queuedAt, after.at),
                and(eq(operations.queuedAt, after.at), lt(operations.id, after.id)),
              ),
        ),
      )
      .orderBy(desc(operations.queuedAt), desc(operations.id))
      .limit(limit + 1);
    const last = rows[limit - 1]?.operation;
    const more = rows.length > limit && last !== undefined;
    return {
      items: await presentAll(tx, actor, rows.slice(0, limit).map(joined)),
      nextCursor: more ? encodeCursor(last.queuedAt, last.id) : null,
    };
  });
}
