import { eq } from 'drizzle-orm';
import type { Actor } from '../access/actor.ts';
import { consentUsed } from '../access/authorize.ts';
import type { Facts, OnlyFacts } from '../contract/audit-facts.ts';
import { Permission } from '../contract/permissions.ts';
import type { Tx } from '../db/client.ts';
import { auditLog } from '../db/schema/audit.ts';
import { accessConsents } from '../db/schema/tickets.ts';

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
  detail?: Facts;
  /** What was changed, as it was and as it is; what is the same in both is left out. */
  before?: Facts;
  after?: Facts;
};
/** A record all of whose facts have names, by its type. */
type Named<R> = { [K in keyof R]: K extends 'detail' | 'before' | 'after' ? OnlyFacts<R[K]> : R[K] };

/** Adds a record in the caller's transaction: what it describes and the record are written together or not at all. */
export async function writeAudit<R extends AuditRecord>(tx: Tx, actor: Actor, record: R & Named<R>): Promise<void> {
  const consent = consentOf(actor, record);
  await tx.insert(auditLog).values({
    ...row(actor, record),
    onBehalfOfId: consent?.by.id ?? null,
    onBehalfOfName: consent?.by.name ?? null,
  });
  if (consent !== undefined) {
    await tx.update(accessConsents).set({ lastUsedAt: new Date() }).where(eq(accessConsents.id, consent.id));
  }
}

/** Where only a consent lets them: whose. What is done by it carries both names. */
function consentOf(actor: Actor, { verb, tenantId, targetKind, targetId }: AuditRecord) {
  const permission = Permission.safeParse(verb);
  if (!permission.success || targetKind !== 'container' || targetId == null) return undefined;
  return consentUsed(actor, permission.data, { tenantId, containerId: targetId });
}

/**
 * The same for what was done on a host without the portal, known by its action's id there. False when the record is
 * there already, from an earlier word of the same host: then nothing is written.
 */
export async function writeLocalAudit<R extends AuditRecord & { targetId: string }>(
  tx: Tx,
  actor: Actor,
  record: R & Named<R>,
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
    detail: withoutSecrets({ ...record.detail, ...difference(record.before, record.after) }) as Record<string, unknown>,
  };
}

function difference(before: Record<string, unknown> = {}, after: Record<string, unknown> = {}) {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (changed.length === 0) return {};
  const only = (values: Record<string, unknown>) =>
    Object.fromEntries(changed.map((name) => [name, values[name] ?? null]));
  return { before: only(before), after: only(after) };
}

const secretName = /pass(word|phrase)|secret|token|credential|private|sealed|cookie|recovery/i;

/** The last net, not the rule: callers give no secret. What is called like one is not kept, however deep it lies. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretName.test(name) && typeof inner !== 'boolean' ? '(not kept)' : withoutSecrets(inner),
    ]),
  );
}
