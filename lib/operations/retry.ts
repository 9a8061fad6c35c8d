import { eq, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { takeConsent } from '#lib/backups/consents.ts';
import { makeRoom, recoverableUntil } from '#lib/backups/limits.ts';
import { type ContainerFacts, containerFacts } from '#lib/containers/facts.ts';
import { refuseBeyondPlan, refuseMoreForwards, refuseMoreSnapshots } from '#lib/containers/plan-limits.ts';
import { forwardSsh, moveForwards, reservePort } from '#lib/containers/ports.ts';
import { undeleteTimes } from '#lib/containers/remove.ts';
import { comingBack, refuseUnlessRecoverable } from '#lib/containers/undelete.ts';
import { AddForward } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { Id } from '#lib/contract/ids.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { heldFrom } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { imports } from '#lib/db/schema/imports.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { publish } from '#lib/events/publish.ts';
import { needOf } from '#lib/resellers/quota.ts';
import { refuseBeyondQuota } from '#lib/resellers/refuse.ts';
import { exportTimes } from '#lib/transfers/export.ts';
import { openUpload } from '#lib/transfers/uploads.ts';
import { present } from './find.ts';
import { freshIds } from './fresh-ids.ts';
import { operationFor } from './get.ts';
import { enqueueOperation, pendingSteps } from './insert.ts';
import { keptVolume, takeKeptVolume } from './kept.ts';
import { kinds } from './kinds.ts';
import { type OperationRow, operationEvent } from './present.ts';

/**
 * A new attempt of a failed or stuck operation. A stuck one first takes back what is left of the attempt before; with
 * `undoOnly` it does only that; otherwise the actor needs the right to the thing itself too. Throws `busy` when another operation has the container by now,
 * `held` where a hold forbids the thing.
 */
export async function retryOperation(
  actor: Actor,
  id: string,
  options: { undoOnly?: boolean; permission?: Permission } = {},
): Promise<Operation> {
  const permission = options.permission ?? 'operation.retry';
  authorize(actor, permission);
  const decided = await asActor(actor, async (tx) => {
    await tx.select({ id: operations.id }).from(operations).where(eq(operations.id, id)).for('update');
    const operation = await operationFor(tx, actor, id, permission);
    if (options.undoOnly !== true) authorize(actor, kinds[operation.kind].permission, operation);
    const stuck = operation.state === 'stuck';
    if (operation.kind === 'handover' && !stuck) {
      throw new BerthError('state', 'What failed to change hands is accepted again, by whom it is offered to.');
    }
    if (!stuck && operation.state !== 'failed') throw new BerthError('state', 'Only what failed can be tried again.');
    const { generation, input } = await takeAgain(tx, actor, operation, options.undoOnly === true);
    const values = {
      state: 'queued' as const,
      attempt: operation.attempt + 1,
      generation,
      // A backup that failed late had given its lock back; the new attempt begins at its beginning.
      lock: kinds[operation.kind].lock,
      input: {
        ...operation.input,
        ...(stuck ? {} : freshIds(operation.input)),
        ...input,
        undoOnly: options.undoOnly === true,
      },
      ...(stuck ? {} : { steps: pendingSteps(operation.kind), percent: 0 }),
      error: null,
      evidence: [],
      cancelRequested: false,
      queuedAt: new Date(),
      endedAt: null,
      workflowEnqueuedAt: null,
      actorKind: actor.kind,
      actorId: actor.kind === 'user' ? actor.userId : null,
      actorName: actor.name,
    };
    const again: OperationRow = { ...operation, ...values };
    await tx.update(operations).set(values).where(eq(operations.id, id));
    await publish(tx, operationEvent(again));
    await writeAudit(tx, actor, {
      verb: permission,
      tenantId: operation.tenantId,
      targetKind: 'operation',
      targetId: id,
      targetName: operation.containerName,
      detail: { kind: operation.kind, attempt: again.attempt, undoOnly: options.undoOnly === true },
    });
    return { again, shown: await present(tx, actor, again) };
  }).catch((error: unknown) => {
    if (isUniqueViolation(error, 'operations_one_exclusive')) throw new BerthError('busy', undefined, { cause: error });
    if (isUniqueViolation(error, 'containers_name')) {
      throw new BerthError('conflict', 'The name has been taken by another container.', { cause: error });
    }
    throw error;
  });
  await enqueueOperation(decided.again);
  return decided.shown;
}

/**
 * Raises the generation for the new attempt, and takes again what the failed one had given up (a stuck one has not): its
 * place within the plan, a create its row and port, a new forward its port. Returns what changes in the input.
 */
async function takeAgain(
  tx: Tx,
  actor: Actor,
  operation: OperationRow,
  undoOnly: boolean,
): Promise<{ generation: number | null; input: Record<string, unknown> }> {
  const { generation, containerId } = operation;
  if (containerId === null) return { generation, input: {} };
  const facts = await containerFacts(tx, containerId, { lock: true });
  if (facts === undefined) throw new BerthError('not_found');
  const holder = facts.active.find((one) => one.id !== operation.id && one.lock === 'exclusive');
  if (holder !== undefined && kinds[operation.kind].lock === 'exclusive') {
    throw new BerthError('busy', undefined, { operationId: holder.id });
  }
  const makes = ['create', 'clone', 'import'].includes(operation.kind);
  const remake = makes && facts.container.deletedAt !== null;
  const back = operation.kind === 'undelete' && facts.container.deletedAt !== null;
  if (facts.container.deletedAt !== null && !remake && !back)
    throw new BerthError('state', 'The container is deleted.');
  if (!undoOnly) refuseHeld(operation, facts);
  const input = {
    ...(await timesAgain(tx, operation, facts)),
    ...(operation.state === 'failed' ? await takePlace(tx, actor, operation, facts) : {}),
  };
  const [row] = await tx
    .update(containers)
    .set({
      generation: sql`${containers.generation} + 1`,
      ...(remake ? { deletedAt: null, volumeId: uuidv7() } : {}),
      ...(back && operation.hostId !== null
        ? comingBack({ hostId: operation.hostId, name: String(operation.input.name) })
        : {}),
    })
    .where(eq(containers.id, containerId))
    .returning({ generation: containers.generation });
  // What an archive holds nobody knows before it is unpacked.
  if (remake && operation.kind !== 'import') await forwardSsh(tx, facts.container, facts.plan);
  if (back && operation.hostId !== null) await moveForwards(tx, { ...facts.container, hostId: operation.hostId });
  return { generation: row?.generation ?? generation, input };
}

/** Holds bind what is tried again as they do what is asked for. */
function refuseHeld({ kind }: OperationRow, { holds }: ContainerFacts): void {
  const { verb } = kinds[kind];
  const reason = verb === null ? null : heldFrom(verb, holds);
  if (reason !== null) throw new BerthError('held', reason);
}

/** What was to last for a time from when it was asked for lasts as long from now on: meanwhile that time may be over. */
async function timesAgain(
  tx: Tx,
  { kind, input }: OperationRow,
  facts: ContainerFacts,
): Promise<Record<string, unknown>> {
  // Named also where there is none any more: it replaces what the input has.
  if (kind === 'delete') return { undeleteUntil: undefined, ...(await undeleteTimes(tx, facts)) };
  if (kind === 'backup-delete' && input.keepUntil !== undefined) {
    return { keepUntil: recoverableUntil(facts).toISOString() };
  }
  return kind === 'export' ? exportTimes() : {};
}

/** The same limits as when it was first asked for: since then others may have taken the place. */
async function takePlace(
  tx: Tx,
  actor: Actor,
  operation: OperationRow,
  facts: ContainerFacts,
): Promise<Record<string, unknown>> {
  const { container, plan } = facts;
  const { id, tenantId, hostId } = container;
  if (['create', 'clone', 'import'].includes(operation.kind)) {
    await refuseBeyondPlan(tx, tenantId, plan);
    // One that is still there has its place in the sums.
    const next = needOf(container.resources, plan);
    await refuseBeyondQuota(
      tx,
      actor,
      container.deletedAt === null ? { tenantId, now: next, next } : { tenantId, next },
    );
  }
  if (operation.kind === 'import') await takeUpload(tx, actor, operation);
  if (operation.kind === 'undelete' && container.deletedAt !== null) {
    refuseUnlessRecoverable(facts);
    await refuseBeyondPlan(tx, tenantId, plan);
    await refuseBeyondQuota(tx, actor, { tenantId, next: needOf(container.resources, plan) });
  }
  if (operation.kind === 'restore-into') {
    await takeConsent(tx, { backupId: Id.parse(operation.input.backupId), containerId: id }, operation.id);
  }
  if (operation.kind === 'confirm' || operation.kind === 'undo') await takeVolume(tx, operation);
  if (operation.kind === 'snapshot') await refuseMoreSnapshots(tx, id, plan);
  if (operation.kind === 'backup') return { rotated: await makeRoom(tx, actor, { container, plan }) };
  if (operation.kind === 'configure') {
    const [wanted] = await tx
      .select()
      .from(plans)
      .where(eq(plans.id, Id.parse(operation.input.planId)));
    if (wanted === undefined) throw new BerthError('not_found', 'There is no such plan any more.');
    if (wanted.id !== plan.id) await refuseBeyondPlan(tx, tenantId, wanted);
    const growth = { now: needOf(container.resources, plan), next: needOf(wanted.resources, wanted) };
    await refuseBeyondQuota(tx, actor, { tenantId, ...growth });
  }
  const wish = AddForward.safeParse(operation.input.wish);
  if (operation.kind !== 'forwards' || !wish.success) return {};
  await refuseMoreForwards(tx, id, plan);
  return { added: await reservePort(tx, { ...wish.data, tenantId, containerId: id, hostId }) };
}

/** The volume may be the container's own again by now, or be kept by another operation: then it is not this one's to use up. */
async function takeVolume(tx: Tx, { kind, undoOf, input }: OperationRow): Promise<void> {
  const take = kind === 'confirm' ? takeKeptVolume : keptVolume;
  const kept = await take(tx, Id.parse(undoOf));
  if (kept.id !== input.retainedId) throw new BerthError('state', 'The old files are not kept any more.');
}

/** The archive of an import that failed is free again, and perhaps another has made a container of it since. */
async function takeUpload(tx: Tx, actor: Actor, operation: OperationRow): Promise<void> {
  const upload = await openUpload(tx, actor, Id.parse(operation.input.importId), true);
  await tx.update(imports).set({ operationId: operation.id }).where(eq(imports.id, upload.id));
}
