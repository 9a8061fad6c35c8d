import { and, eq, exists, inArray, isNull, ne, or } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { type NameQuery, pageSize } from '#lib/contract/lists.ts';
import type { Template } from '#lib/contract/templates.ts';
import { importedTemplate } from '#lib/contract/transfers.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { newestFirst } from '#lib/db/cursor.ts';
import { contains } from '#lib/db/filters.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { single } from '#lib/db/single.ts';
import { quotaRow, resellerOf } from '#lib/resellers/quota.ts';
import { offeredTemplates } from '#lib/resellers/refuse.ts';
import { actingReseller } from '#lib/resellers/who.ts';

const order = newestFirst(templates.createdAt, templates.id);

/** A template as people see it. */
export function templateOf({ withdrawnAt, ...row }: typeof templates.$inferSelect): Template {
  return { ...row, offered: withdrawnAt === null, createdAt: row.createdAt.toISOString() };
}

/**
 * Templates, newest first: those that the actor's reseller, if it has one, offers. Whoever is not of the provider's staff sees of withdrawn
 * ones those that its containers are on.
 */
export async function listTemplates(
  actor: Actor,
  query: Partial<z.infer<typeof NameQuery>> & { id?: string },
): Promise<{ items: Template[]; nextCursor: string | null }> {
  authorize(actor, 'template.read');
  const limit = query.limit ?? pageSize;
  const rows = await asActor(actor, async (tx) => {
    const tenantId = actor.kind === 'user' ? actor.tenantId : null;
    const resellerId = tenantId === null ? null : await resellerOf(tx, tenantId);
    const row = resellerId === null ? undefined : await quotaRow(tx, resellerId);
    // A reseller sees what it may offer, its tenants what it does.
    const among = actingReseller(actor) !== null ? (row?.templateIds ?? null) : offeredTemplates(row);
    return await tx
      .select()
      .from(templates)
      .where(
        and(
          // Those of imported containers are nothing to make another one of.
          ne(templates.name, importedTemplate),
          tenantId === null ? undefined : or(isNull(templates.withdrawnAt), exists(ownOn(tx))),
          among === null ? undefined : inArray(templates.id, [...among]),
          query.id === undefined ? undefined : eq(templates.id, query.id),
          contains(query.q, templates.name, templates.title),
          order.after(query.cursor),
        ),
      )
      .orderBy(...order.by)
      .limit(limit + 1);
  });
  const { page, nextCursor } = order.cut(rows, limit, (row) => ({ key: row.createdAt, id: row.id }));
  return {
    items: page.map(templateOf),
    nextCursor,
  };
}

/** Containers on it that the actor may know of, by row-level security. */
function ownOn(tx: Tx) {
  return tx
    .select({ id: containers.id })
    .from(containers)
    .where(and(eq(containers.templateId, templates.id), isNull(containers.deletedAt)));
}

/** One of those. */
export async function getTemplate(actor: Actor, id: string): Promise<Template> {
  return await single(listTemplates(actor, { id }));
}
