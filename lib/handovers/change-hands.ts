import { and, eq, inArray, isNotNull, isNull, ne, notInArray, or, type SQL, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { type Actor, systemActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { ContainerRow } from '#lib/containers/facts.ts';
import { keysBecome } from '#lib/containers/keys.ts';
import { completeBackups } from '#lib/containers/remove.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { HandoverInput } from '#lib/contract/handovers.ts';
import { finalOperationStates } from '#lib/contract/states.ts';
import type { Tx } from '#lib/db/client.ts';
import { backupCare, backupTests } from '#lib/db/schema/backup-care.ts';
import { backupSchedules } from '#lib/db/schema/backup-schedules.ts';
import { backupLocations, backups } from '#lib/db/schema/backups.ts';
import { billingServices } from '#lib/db/schema/billing.ts';
import { containers, holds, portForwards } from '#lib/db/schema/containers.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { operations, retainedVolumes } from '#lib/db/schema/operations.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { restoreConsents } from '#lib/db/schema/restore-consents.ts';
import { apiTokens } from '#lib/db/schema/sessions.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { accessConsents, tickets } from '#lib/db/schema/tickets.ts';
import { publish } from '#lib/events/publish.ts';

type Change = { operationId: string; input: z.infer<typeof HandoverInput> };
const dayMs = 86_400_000;
/** Instead of the giver's people in what goes along. */
const before = 'the account before';

/**
 * The moment at which a container changes hands: all rows at once, in the caller's transaction. What goes along gets the new tenant. What
 * is left with the giver (backups, history, tickets, roles and tokens for this one container, what billing sold) hangs on a deleted
 * container of the giver's from now on, as if it had been deleted: so neither side's rows name anything of the other's, whatever asks
 * for them. Returns that one's id.
 */
export async function changeHands(tx: Tx, container: ContainerRow, { operationId, input }: Change): Promise<string> {
  const { id, tenantId: giver } = container;
  const { toTenantId: receiver, handoverId } = input;
  const [offer] = await tx.select().from(handovers).where(eq(handovers.id, handoverId)).for('update');
  if (offer?.state !== 'moving' || offer.operationId !== operationId || giver === receiver) {
    throw new BerthError('stale', 'The offer is not being carried out any more.');
  }
  const leftId = await leaveBehind(tx, container);
  await goAlong(tx, id, { giver, receiver, operationId });
  await stay(tx, id, leftId, { giver, operationId });
  const name = await freeName(tx, container.id, receiver, input.name);
  await tx
    .update(containers)
    .set({
      ...{ tenantId: receiver, name, labels: [], heldDesired: null, backupBytes: null, backupBytesAt: null },
      ...(input.removeSshKeys ? keysBecome(container, []) : {}),
      // The giver's own bucket is the giver's.
      locationId: sql`(select l.id from ${backupLocations} l where l.id = ${container.locationId} and l.tenant_id is null)`,
    })
    .where(eq(containers.id, id));
  await tx.update(handovers).set({ state: 'done', endedAt: new Date(), leftId }).where(eq(handovers.id, handoverId));
  await tell(tx, { id, giver, receiver, leftId, handoverId, names: { giver: container.name, receiver: name } });
  return leftId;
}

/** What the giver has of it from now on: a container that was deleted, to be had back from its backups for as long as its plan says. */
async function leaveBehind(tx: Tx, container: ContainerRow): Promise<string> {
  const [plan] = await tx
    .select({ days: plans.deletedContainerDays })
    .from(plans)
    .where(eq(plans.id, container.planId));
  const days = plan?.days ?? 0;
  const recoverable = days > 0 && (await completeBackups(tx, container.id)) > 0;
  const unseen = { observedPower: null, observedAt: null, observedSince: null, observedBootId: null };
  const nothing = { lastExit: null, exits: [], restarts: null, usage: null, address: null, idBase: null };
  const leftId = uuidv7();
  await tx.insert(containers).values({
    ...container,
    ...{ ...unseen, ...nothing, id: leftId, volumeId: uuidv7(), generation: 1, desired: 'stopped' },
    deletedAt: new Date(),
    undeleteUntil: recoverable ? new Date(Date.now() + days * dayMs) : null,
  });
  return leftId;
}

/** Operations whose files or snapshots are there to be used, and those that are at work on them: they go along, without names. */
function used(id: string): SQL {
  return sql`${operations.id} in (
    select operation_id from ${retainedVolumes} where container_id = ${id} and consumed_at is null
    union all select operation_id from ${snapshots} where container_id = ${id} and state in ('making', 'present', 'deleting'))`;
}

const aboutBackups = ['backup-delete', 'backup-check', 'backup-test', 'open-backup', 'backup'] as const;

async function goAlong(
  tx: Tx,
  id: string,
  { giver, receiver, operationId }: { giver: string; receiver: string; operationId: string },
): Promise<void> {
  const atWork = and(
    notInArray(operations.state, [...finalOperationStates]),
    notInArray(operations.kind, [...aboutBackups]),
  );
  const ofGiver = and(eq(operations.containerId, id), eq(operations.tenantId, giver));
  await tx
    .update(operations)
    .set({ tenantId: receiver, actorKind: 'system', actorId: null, actorName: before })
    .where(and(ofGiver, ne(operations.id, operationId), or(used(id), atWork)));
  await tx.update(operations).set({ tenantId: receiver }).where(eq(operations.id, operationId));
  await tx
    .update(retainedVolumes)
    .set({ tenantId: receiver })
    .where(and(eq(retainedVolumes.containerId, id), isNull(retainedVolumes.consumedAt)));
  await tx
    .update(snapshots)
    .set({ tenantId: receiver, actorName: before })
    .where(and(eq(snapshots.containerId, id), inArray(snapshots.state, ['making', 'present', 'deleting'])));
  await tx.update(portForwards).set({ tenantId: receiver }).where(eq(portForwards.containerId, id));
  await tx
    .update(backupSchedules)
    .set({ tenantId: receiver, pendingOperationId: null, failures: 0, problem: null, lastRunAt: null })
    .where(eq(backupSchedules.containerId, id));
}

async function stay(
  tx: Tx,
  id: string,
  leftId: string,
  { giver, operationId }: { giver: string; operationId: string },
): Promise<void> {
  const containerId = leftId;
  await tx
    .update(operations)
    .set({ containerId })
    .where(and(eq(operations.containerId, id), eq(operations.tenantId, giver), ne(operations.id, operationId)));
  await tx
    .update(retainedVolumes)
    .set({ containerId })
    .where(and(eq(retainedVolumes.containerId, id), isNotNull(retainedVolumes.consumedAt)));
  await tx
    .update(snapshots)
    .set({ containerId })
    .where(and(eq(snapshots.containerId, id), inArray(snapshots.state, ['deleted', 'failed'])));
  for (const table of [backups, backupTests, backupCare, holds, tickets, billingServices] as const) {
    await tx.update(table).set({ containerId }).where(eq(table.containerId, id));
  }
  const mine = and(eq(assignments.containerId, id), eq(assignments.tenantId, giver));
  await tx.update(assignments).set({ containerId }).where(mine);
  await tx
    .update(apiTokens)
    .set({ containerIds: sql`array_replace(${apiTokens.containerIds}, ${id}::uuid, ${leftId}::uuid)` })
    .where(sql`${id}::uuid = any(${apiTokens.containerIds})`);
  // Leave to look inside was the giver's to give.
  await tx
    .update(accessConsents)
    .set({ endedAt: new Date(), endedByName: 'handed over' })
    .where(and(eq(accessConsents.containerId, id), isNull(accessConsents.endedAt)));
  await tx.update(accessConsents).set({ containerId }).where(eq(accessConsents.containerId, id));
  await tx
    .update(restoreConsents)
    .set({ revokedAt: new Date() })
    .where(
      and(...[eq(restoreConsents.containerId, id), isNull(restoreConsents.usedAt), isNull(restoreConsents.revokedAt)]),
    );
}

/** The name it was accepted under; with some of its id, if the receiver has made another of that name meanwhile. */
async function freeName(tx: Tx, id: string, tenantId: string, name: string): Promise<string> {
  const taken = await tx
    .select({ id: containers.id })
    .from(containers)
    .where(and(eq(containers.tenantId, tenantId), eq(containers.name, name), isNull(containers.deletedAt)));
  return taken.length === 0 ? name : `${name.slice(0, 54)}-${id.slice(-8)}`;
}

async function tell(
  tx: Tx,
  about: {
    id: string;
    giver: string;
    receiver: string;
    leftId: string;
    handoverId: string;
    names: { giver: string; receiver: string };
  },
): Promise<void> {
  const { id, giver, receiver, leftId, handoverId, names } = about;
  const worker: Actor = systemActor('worker');
  const verb = 'handover.done';
  await writeAudit(tx, worker, {
    ...{ verb, tenantId: giver, targetKind: 'container', targetId: id, targetName: names.giver },
    detail: { handoverId, gone: true, leftId },
  });
  await writeAudit(tx, worker, {
    ...{ verb, tenantId: receiver, targetKind: 'container', targetId: id, targetName: names.receiver },
    detail: { handoverId, came: true },
  });
  await publish(
    tx,
    { type: 'container', tenantId: giver, containerId: leftId },
    { type: 'container', tenantId: receiver, containerId: id },
  );
}
