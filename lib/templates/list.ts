import { and, ne } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { type PageQuery, pageSize, type Template } from '#lib/contract/rest.ts';
import { importedTemplate } from '#lib/contract/transfers.ts';
import { asActor } from '#lib/db/client.ts';
import { newestFirst } from '#lib/db/cursor.ts';
import { templates } from '#lib/db/schema/templates.ts';

const order = newestFirst(templates.createdAt, templates.id);

/** Templates, newest first. */
export async function listTemplates(
  actor: Actor,
  query: Partial<z.infer<typeof PageQuery>>,
): Promise<{ items: Template[]; nextCursor: string | null }> {
  authorize(actor, 'template.read');
  const limit = query.limit ?? pageSize;
  const rows = await asActor(actor, (tx) =>
    tx
      .select()
      .from(templates)
      // Those of imported containers are nothing to make another one of.
      .where(and(ne(templates.name, importedTemplate), order.after(query.cursor)))
      .orderBy(...order.by)
      .limit(limit + 1),
  );
  const { page, nextCursor } = order.cut(rows, limit, (row) => ({ key: row.createdAt, id: row.id }));
  return {
    items: page.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })),
    nextCursor,
  };
}
