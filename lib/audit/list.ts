import { and, eq, or, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import type { AuditEntry, AuditFilters, AuditQuery } from '../contract/audit.ts';
import { Id } from '../contract/ids.ts';
import { asActor } from '../db/client.ts';
import { newestFirst } from '../db/cursor.ts';
import { between, contains, literally } from '../db/filters.ts';
import { auditLog } from '../db/schema/audit.ts';
import { within } from '../db/scope.ts';

const order = newestFirst(auditLog.at, auditLog.id);

/** What a search asks for, as a condition. */
function matching({ actor, verb, target, outcome, ...where }: AuditFilters): SQL | undefined {
  const tenantId = where.tenantId ?? where.tenant;
  const isId = (text: string) => Id.safeParse(text).success;
  return and(
    actor === undefined
      ? undefined
      : isId(actor)
        ? or(eq(auditLog.actorId, actor), eq(auditLog.onBehalfOfId, actor))
        : contains(actor, auditLog.actorName, auditLog.onBehalfOfName),
    verb === undefined ? undefined : or(eq(auditLog.verb, verb), sql`${auditLog.verb} like ${`${literally(verb)}%`}`),
    target === undefined ? undefined : or(eq(auditLog.targetId, target), contains(target, auditLog.targetName)),
    outcome === undefined ? undefined : eq(auditLog.outcome, outcome),
    tenantId === undefined ? undefined : eq(auditLog.tenantId, tenantId),
    between(auditLog.at, { since: where.since ?? where.from, until: where.until }),
  );
}

/** Who did what within the actor's scope, newest first. Row-level security draws the scope. */
export async function listAudit(
  actor: Actor,
  query: z.infer<typeof AuditQuery>,
): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  authorize(actor, 'audit.read');
  const rows = await asActor(actor, (tx) =>
    tx
      .select()
      .from(auditLog)
      .where(
        and(within(actor, 'audit.read', { tenant: auditLog.tenantId }), order.after(query.cursor), matching(query)),
      )
      .orderBy(...order.by)
      .limit(query.limit + 1),
  );
  const { page, nextCursor } = order.cut(rows, query.limit, (row) => ({ key: row.at, id: row.id }));
  return { items: page.map(presentEntry), nextCursor };
}

function presentEntry(row: typeof auditLog.$inferSelect): AuditEntry {
  const { onBehalfOfId, onBehalfOfName } = row;
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    onBehalfOf: onBehalfOfId === null ? null : { id: onBehalfOfId, name: onBehalfOfName ?? '' },
    verb: row.verb,
    outcome: row.outcome,
    tenantId: row.tenantId,
    targetKind: row.targetKind,
    targetId: row.targetId,
    targetName: row.targetName,
    address: row.address,
    detail: row.detail,
  };
}
