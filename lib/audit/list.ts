import { and, desc, eq, lt, or } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import type { AuditEntry, PageQuery } from '../contract/rest.ts';
import { asActor } from '../db/client.ts';
import { decodeCursor, encodeCursor } from '../db/cursor.ts';
import { auditLog } from '../db/schema/audit.ts';

/** Who did what within the actor's scope, newest first. Row-level security draws the scope. */
export async function listAudit(
  actor: Actor,
  query: z.infer<typeof PageQuery>,
): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  authorize(actor, 'audit.read');
  const after = decodeCursor(query.cursor);
  const rows = await asActor(actor, (tx) =>
    tx
      .select()
      .from(auditLog)
      .where(
        after === undefined
          ? undefined
          : or(lt(auditLog.at, after.at), and(eq(auditLog.at, after.at), lt(auditLog.id, after.id))),
      )
      .orderBy(desc(auditLog.at), desc(auditLog.id))
      .limit(query.limit + 1),
  );
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items: items.map((row) => ({
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
    nextCursor: rows.length > query.limit && last !== undefined ? encodeCursor(last.at, last.id) : null,
  };
}
