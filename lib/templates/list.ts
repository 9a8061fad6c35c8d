import { and, desc, eq, lt, or } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { type PageQuery, pageSize, type Template } from '#lib/contract/rest.ts';
import { asActor } from '#lib/db/client.ts';
import { decodeCursor, encodeCursor } from '#lib/db/cursor.ts';
import { templates } from '#lib/db/schema/templates.ts';

/** Templates, newest first. */
export async function listTemplates(
  actor: Actor,
  query: Partial<z.infer<typeof PageQuery>>,
): Promise<{ items: Template[]; nextCursor: string | null }> {
  authorize(actor, 'template.read');
  const limit = query.limit ?? pageSize;
  const after = decodeCursor(query.cursor);
  const rows = await asActor(actor, (tx) =>
    tx
      .select()
      .from(templates)
      .where(
        after === undefined
          ? undefined
          : or(lt(templates.createdAt, after.at), and(eq(templates.createdAt, after.at), lt(templates.id, after.id))),
      )
      .orderBy(desc(templates.createdAt), desc(templates.id))
      .limit(limit + 1),
  );
  const last = rows[limit - 1];
  return {
    items: rows.slice(0, limit).map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(last.createdAt, last.id) : null,
  };
}
