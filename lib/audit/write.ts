import type { Actor } from '../access/actor.ts';
import type { Tx } from '../db/client.ts';
import { auditLog } from '../db/schema/audit.ts';

export type AuditRecord = {
  /** The permission or act, e.g. `container.start`, `session.create`. */
  verb: string;
  outcome?: 'allowed' | 'denied' | 'failed';
  /** Whose members may read this record; null: the provider's staff only. */
  tenantId: string | null;
  targetKind: string;
  targetId?: string | null;
  targetName?: string | null;
  /** Facts worth keeping. Never a secret. */
  detail?: Record<string, unknown>;
};

/** Adds a record in the caller's transaction: what it describes and the record are written together or not at all. */
export async function writeAudit(tx: Tx, actor: Actor, record: AuditRecord): Promise<void> {
  await tx.insert(auditLog).values(row(actor, record));
}

/**
 * The same for what was done on a host without the portal, known by its action's id there. False when the record is
 * there already, from an earlier word of the same host: then nothing is written.
 */
export async function writeLocalAudit(
  tx: Tx,
  actor: Actor,
  record: AuditRecord & { targetId: string },
  localActionId: string,
): Promise<boolean> {
  const values = row(actor, { ...record, detail: { ...record.detail, localActionId } });
  const written = await tx.insert(auditLog).values(values).onConflictDoNothing().returning({ id: auditLog.id });
  return written.length > 0;
}

function row(actor: Actor, record: AuditRecord): typeof auditLog.$inferInsert {
  const who =
    actor.kind === 'user'
      ? { actorKind: 'user', actorId: actor.userId, actorName: actor.name, address: actor.address }
      : { actorKind: 'system', actorId: null, actorName: actor.name, address: null };
  return {
    ...who,
    verb: record.verb,
    outcome: record.outcome ?? 'allowed',
    tenantId: record.tenantId,
    targetKind: record.targetKind,
    targetId: record.targetId ?? null,
    targetName: record.targetName ?? null,
    detail: record.detail ?? {},
  };
}
