/** The worker's part of writing a host off: containers become deleted ones, and their tenants are told. */
import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { completeBackups } from '#lib/containers/remove.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { lostCopies } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { publish } from '#lib/events/publish.ts';
import { hostLostMail } from '#lib/mail/messages.ts';
import { mailOwners } from '#lib/mail/owners.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { becomesDeleted } from '#lib/workflows/delete.ts';

const actor = systemActor('lost hosts');
const dayMs = 24 * 3_600_000;
/** Nobody wished it, so a plan that keeps nothing of what is deleted keeps this long what is lost. */
export const lostKeptDays = 14;

/** When a container's newest complete backup was made; for a select list. */
const newestAt = sql<string | null>`(select max(${backups.createdAt}) from ${backups}
  where ${backups.containerId} = ${containers.id} and ${backups.state} = 'complete')`;
/** The same of those that do not lie in a directory, which its host may have taken along. */
const newestElsewhereAt = sql<string | null>`(select max(${backups.createdAt}) from ${backups}
  join ${repositories} on ${repositories.id} = ${backups.repositoryId}
  join ${backupLocations} on ${backupLocations.id} = ${repositories.locationId}
  where ${backups.containerId} = ${containers.id} and ${backups.state} = 'complete' and ${backupLocations.kind} <> 'directory')`;

type Log = { warn(detail: Record<string, unknown>, message: string): void };
type Copy = typeof lostCopies.$inferSelect;

/**
 * Goes on with what was written off: ends stuck operations there, for nobody can put them right any more, and makes every container on
 * which nothing is under way a deleted one. What is under way ends by itself, as its host is known to be lost. Several workers
 * may do this at once. Gives the containers that are gone now.
 */
export async function settleLosses(log: Log): Promise<string[]> {
  const { stuck, due } = await asActor(actor, async (tx) => ({
    stuck: await stuckThere(tx),
    due: await tx.select().from(lostCopies).where(isNull(lostCopies.goneAt)).orderBy(lostCopies.containerId).limit(100),
  }));
  for (const id of stuck) {
    await undoOperation(actor, id).catch((error: unknown) => {
      if (!(error instanceof BerthError)) throw error;
      log.warn({ err: error, operationId: id }, 'a stuck operation of a lost host was not ended');
    });
  }
  const gone: string[] = [];
  for (const copy of due) if (await asActor(actor, (tx) => writeOff(tx, copy))) gone.push(copy.containerId);
  return gone;
}

async function stuckThere(tx: Tx): Promise<string[]> {
  const found = await tx.execute<{ id: string }>(sql`
    select o.id from operations o join hosts h on h.id = o.host_id
    where o.state = 'stuck' and (h.lost_at is not null or exists (select from lost_copies l
      where l.host_id = o.host_id and l.container_id = o.container_id and l.gone_at is null)) limit 100`);
  return found.rows.map((row) => row.id);
}

/** True when it is a deleted one now, or is not there any more. */
async function writeOff(tx: Tx, copy: Copy): Promise<boolean> {
  const { hostId, containerId, tenantId } = copy;
  const [row] = await tx
    .select({ container: containers, days: plans.deletedContainerDays, newestAt })
    .from(containers)
    .innerJoin(plans, eq(plans.id, containers.planId))
    .where(eq(containers.id, containerId))
    .for('update', { of: containers });
  const [active] = await tx
    .select({ id: operations.id })
    .from(operations)
    .where(and(eq(operations.containerId, containerId), inArray(operations.state, [...activeOperationStates])))
    .limit(1);
  if (active !== undefined) return false;
  const [left] = await tx
    .update(lostCopies)
    .set({ goneAt: new Date() })
    .where(and(eq(lostCopies.hostId, hostId), eq(lostCopies.containerId, containerId), isNull(lostCopies.goneAt)))
    .returning();
  if (left === undefined || row === undefined) return false;
  const { container, newestAt: newest } = row;
  if (container.deletedAt !== null || container.hostId !== hostId) return true;
  const days = Math.max(row.days, lostKeptDays);
  const until = (await completeBackups(tx, containerId)) === 0 ? null : new Date(Date.now() + days * dayMs);
  await becomesDeleted(tx, containerId, until, true);
  await tx
    .update(containers)
    .set({ generation: sql`greatest(${containers.generation}, ${copy.generation})` })
    .where(eq(containers.id, containerId));
  await writeAudit(tx, actor, {
    verb: 'container.lost',
    tenantId,
    targetKind: 'container',
    targetId: containerId,
    targetName: container.name,
    detail: {
      hostId,
      saidBy: copy.byName,
      lostSince: newest === null ? null : new Date(newest).toISOString(),
      undeleteUntil: until?.toISOString() ?? null,
    },
  });
  await publish(tx, { type: 'container', tenantId, containerId, data: {} });
  return true;
}

/** Tells the owners of every tenant that lost containers with a host: one mail for all of a tenant's that are new. Each is told of once. */
export async function tellOfLosses(baseUrl: string): Promise<void> {
  await asActor(actor, async (tx) => {
    const untold = await tx
      .select({ copy: lostCopies, container: containers, newestAt, newestElsewhereAt })
      .from(lostCopies)
      .innerJoin(containers, eq(containers.id, lostCopies.containerId))
      .where(and(isNull(lostCopies.toldAt), isNotNull(lostCopies.goneAt)))
      .orderBy(asc(lostCopies.tenantId), asc(containers.name))
      .limit(500)
      .for('update', { of: lostCopies, skipLocked: true });
    for (const tenantId of new Set(untold.map(({ copy }) => copy.tenantId))) {
      const here = untold.filter(({ copy }) => copy.tenantId === tenantId);
      const facts = here.map(({ container, newestAt, newestElsewhereAt: elsewhere }) => ({
        name: container.name,
        newestAt: elsewhere === null ? null : new Date(elsewhere),
        inDirectory: newestAt !== null && elsewhere === null,
        until: container.undeleteUntil,
      }));
      await mailOwners(
        tx,
        tenantId,
        ({ name, email }, at) => hostLostMail(email, { name, containers: facts, link: `${at}/containers` }),
        baseUrl,
      );
    }
    for (const { copy } of untold) {
      await tx
        .update(lostCopies)
        .set({ toldAt: new Date() })
        .where(and(eq(lostCopies.hostId, copy.hostId), eq(lostCopies.containerId, copy.containerId)));
    }
  });
}
