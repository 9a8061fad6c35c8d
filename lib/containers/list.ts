import { and, asc, eq, gt, ilike, isNull, or } from 'drizzle-orm';
import { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { type Container, type ContainerQuery, pageSize } from '#lib/contract/rest.ts';
import { asActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { presentContainers, selectContainers } from './present.ts';

const Cursor = z.tuple([z.string(), z.uuid()]);

function decode(cursor: string | undefined): z.infer<typeof Cursor> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new BerthError('invalid', 'The cursor is not one of ours.', { cause });
  }
}

/** Containers within the actor's scope, by name. `q` is looked for in names, host names and addresses. */
export async function listContainers(
  actor: Actor,
  query: Partial<z.infer<typeof ContainerQuery>>,
): Promise<{ items: Container[]; nextCursor: string | null }> {
  authorize(actor, 'container.read');
  const limit = query.limit ?? pageSize;
  const after = decode(query.cursor);
  return await asActor(actor, async (tx) => {
    const like = query.q === undefined ? undefined : `%${query.q.replace(/[\\%_]/g, '\\$&')}%`;
    const rows = await selectContainers(tx)
      .where(
        and(
          isNull(containers.deletedAt),
          query.tenantId === undefined ? undefined : eq(containers.tenantId, query.tenantId),
          query.hostId === undefined ? undefined : eq(containers.hostId, query.hostId),
          like === undefined
            ? undefined
            : or(ilike(containers.name, like), ilike(containers.hostname, like), ilike(containers.address, like)),
          after === undefined
            ? undefined
            : or(gt(containers.name, after[0]), and(eq(containers.name, after[0]), gt(containers.id, after[1]))),
        ),
      )
      .orderBy(asc(containers.name), asc(containers.id))
      .limit(limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1)?.container;
    const more = rows.length > limit && last !== undefined;
    return {
      items: await presentContainers(tx, actor, page),
      nextCursor: more ? Buffer.from(JSON.stringify([last.name, last.id])).toString('base64url') : null,
    };
  });
}
