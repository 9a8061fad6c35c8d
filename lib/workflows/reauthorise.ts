import { eq } from 'drizzle-orm';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { HandoverInput } from '#lib/contract/handovers.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import type { Tx } from '#lib/db/client.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { kinds } from '#lib/operations/kinds.ts';
import type { OperationRow } from '#lib/operations/present.ts';
import { actorOf } from '#lib/people/actor.ts';

/**
 * Asks again, now and from the rows, whether the person who asked for an operation may have it: a web process that was
 * taken over cannot lend itself rights, and rights lost while waiting in line are lost. Throws `forbidden` or `not_found`.
 */
export async function reauthorise(tx: Tx, operation: OperationRow): Promise<void> {
  if (operation.actorKind !== 'user') return;
  const actor = await actorFromRow(tx, operation.actorId);
  for (const permission of permissionsFor(operation)) {
    if (
      permission === 'container.access' &&
      setsPasswordOnly(operation) &&
      hasPermission(actor, 'billing.run', operation)
    ) {
      continue;
    }
    if (permission === 'handover.consent') await refuseUnlessAgreed(tx, operation);
    else authorize(actor, permission, operation);
  }
}

/** Of a handover both sides' words count, whoever asked for this attempt: those who gave them must still be able to. */
async function refuseUnlessAgreed(tx: Tx, { id, input }: OperationRow): Promise<void> {
  const { handoverId } = HandoverInput.parse(input);
  const [row] = await tx.select().from(handovers).where(eq(handovers.id, handoverId));
  if (row?.state !== 'moving' || row.operationId !== id || row.toTenantId !== input.toTenantId) {
    throw new BerthError('stale', 'The offer is not accepted any more.');
  }
  authorize(await actorFromRow(tx, row.giverId), 'handover.consent', ofTenant(row.tenantId));
  authorize(await actorFromRow(tx, row.receiverId), 'handover.consent', ofTenant(row.toTenantId));
}

/** Of all that access is, a billing program may set the root password. What the step does is read from the same input. */
function setsPasswordOnly({ input }: OperationRow): boolean {
  return input.rootPasswordRef !== undefined && input.hostname === undefined && input.sshKeys === undefined;
}

/**
 * The right to the thing itself, and for a new attempt the right to ask for one. Taking back what a stuck attempt left needs
 * the right to undo only. What a row says of itself can narrow this and never widen it.
 */
function permissionsFor(operation: OperationRow): Permission[] {
  const own = kinds[operation.kind].permission;
  if (operation.attempt === 1) return [own];
  return operation.input.undoOnly === true ? ['operation.undo'] : [own, 'operation.retry'];
}

async function actorFromRow(tx: Tx, userId: string | null): Promise<UserActor> {
  const actor = await actorOf(tx, userId);
  if (actor === undefined) throw new BerthError('forbidden', 'The person who asked for this has no account any more.');
  return actor;
}
