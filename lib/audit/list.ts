import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import type { AuditEntry, PageQuery } from '../contract/rest.ts';
import { asActor } from '../db/client.ts';
import { newestFirst } from '../db/cursor.ts';
import { auditLog } from '../db/schema/audit.ts';

const order = newestFirst(auditLog.at, auditLog.id);

/** Who did what within the actor's scope, newest first. Row-level security draws the scope. */
export async function listAudit(
  actor: Actor,
  query: z.infer<typeof PageQuery>,
): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  authorize(actor, 'audit.read');
  const rows = await asActor(actor, (tx) =>
    tx
      .select()
      .from(auditLog)
      .where(order.after(query.cursor))
      .orderBy(...order.by)
      .limit(query.limit + 1),
  );
  const { page, nextCursor } = order.cut(rows, query.limit, (row) => ({ key: row.at, id: row.id }));
  return {
    items: page.map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
      verb: row.verb,
      outcome: row.outcome,
      tenantId: row.tenantId,
      targetKind: row.targetKind,
      targetId: row.targetId,
      targetName: row.targetName,
      address: row.address,
      detail: row.detail,
    })),
    nextCursor,
  };
}
