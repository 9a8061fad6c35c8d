import { and, asc, eq, exists, gt, inArray, isNull, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, ofTenant } from '#lib/access/authorize.ts';
import { forgetUpload } from '#lib/agent-client/transfers.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { imports } from '#lib/db/schema/imports.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { services } from '#lib/services.ts';

type ImportRow = typeof imports.$inferSelect;

/**
 * Gives an archive up that is on its way, or has come and become nothing: its place is another's at once, and its host forgets what has
 * come; one that does not answer now forgets it when its time is over. Given up, forgotten or used before: nothing is changed. Throws `busy` while
 * a container is being made of it.
 */
export async function giveUpImport(actor: Actor, id: string): Promise<null> {
  authorize(actor, 'container.import');
  const row = await asActor(actor, async (tx) => {
    const [found] = await tx.select().from(imports).where(eq(imports.id, id)).for('update');
    if (found === undefined) throw new BerthError('not_found');
    authorize(actor, 'container.import', ofTenant(found.tenantId));
    if (found.operationId !== null) {
      await refuseWhileUsed(tx, found.operationId);
      return null;
    }
    await giveUp(tx, actor, found);
    return found;
  });
  if (row !== null) await tellHost(actor, row);
  return null;
}

async function refuseWhileUsed(tx: Tx, operationId: string): Promise<void> {
  const [used] = await tx
    .select({ id: operations.id })
    .from(operations)
    .where(and(eq(operations.id, operationId), inArray(operations.state, [...activeOperationStates])));
  if (used !== undefined) throw new BerthError('busy', 'A container is being made of it.', { operationId });
}

/** Nobody goes on with it from now on. The caller has locked the row, and tells the host afterwards ({@link tellHost}). */
async function giveUp(tx: Tx, actor: Actor, row: ImportRow): Promise<void> {
  if (row.expiresAt < new Date()) return;
  await tx.update(imports).set({ expiresAt: new Date() }).where(eq(imports.id, row.id));
  await writeAudit(tx, actor, {
    verb: 'container.import',
    tenantId: row.tenantId,
    targetKind: 'import',
    targetId: row.id,
    detail: { sizeBytes: row.sizeBytes, givenUp: true },
  });
}

/** The oldest of a tenant's archives of which no container could be made is given up, if there is one; it is kept for another try until then. */
export async function giveUpRefused(tx: Tx, actor: Actor, tenantId: string): Promise<ImportRow | undefined> {
  const refused = tx
    .select({ id: operations.id })
    .from(operations)
    .where(and(eq(operations.kind, 'import'), eq(sql`${operations.input}->>'importId'`, sql`${imports.id}::text`)));
  const [row] = await tx
    .select()
    .from(imports)
    .where(
      and(
        ...[eq(imports.tenantId, tenantId), isNull(imports.operationId), gt(imports.expiresAt, new Date())],
        exists(refused),
      ),
    )
    .orderBy(asc(imports.createdAt))
    .limit(1)
    .for('update');
  if (row !== undefined) await giveUp(tx, actor, row);
  return row;
}

/** So that what has come takes no more room there. */
export async function tellHost(actor: Actor, row: ImportRow): Promise<void> {
  const [host] = await asActor(actor, (tx) => tx.select().from(hosts).where(eq(hosts.id, row.hostId)));
  if (host === undefined || host.status === 'disabled') return;
  const { agents } = services();
  const subject = actor.kind === 'user' ? `user:${actor.userId}` : 'system';
  try {
    await forgetUpload(agents.to({ hostId: host.id, address: host.address }), agents.signer, {
      subject,
      uploadId: row.id,
    });
  } catch (error) {
    if (!(error instanceof BerthError)) throw error;
  }
}
