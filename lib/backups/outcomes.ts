import { eq, inArray, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { backupSchedules } from '#lib/db/schema/backup-schedules.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import { backupFailedMail } from '#lib/mail/messages.ts';
import { mailOwners } from '#lib/mail/owners.ts';

/** Failures in a row after which the tenant, and then the provider, is told. */
export const tellTenantAfter = 1;
export const tellAdministratorAfter = 3;

/**
 * A container's schedule, locked until the transaction ends: the container first, as everybody does who asks for something to be done
 * to it, so that no two wait for each other.
 */
export async function lockedSchedule(tx: Tx, containerId: string) {
  await tx.select({ id: containers.id }).from(containers).where(eq(containers.id, containerId)).for('update');
  const [row] = await tx
    .select()
    .from(backupSchedules)
    .where(eq(backupSchedules.containerId, containerId))
    .for('update');
  return row;
}

/** Counts the ends of runs that nobody has counted yet, and tells whom it concerns. */
export async function countOutcomes(actor: Actor, baseUrl: string): Promise<void> {
  const ended = await asActor(actor, (tx) =>
    tx
      .select({ containerId: backupSchedules.containerId, operation: operations })
      .from(backupSchedules)
      .innerJoin(operations, eq(operations.id, backupSchedules.pendingOperationId))
      .where(inArray(operations.state, ['succeeded', 'failed', 'cancelled', 'stuck']))
      .limit(100),
  );
  for (const { containerId, operation } of ended) {
    await asActor(actor, async (tx) => {
      const schedule = await lockedSchedule(tx, containerId);
      // Another worker has counted it.
      if (schedule?.pendingOperationId !== operation.id) return;
      const here = eq(backupSchedules.containerId, containerId);
      const over = { pendingOperationId: null };
      const good = { ...over, failures: 0, problem: null };
      if (operation.state === 'succeeded') await tx.update(backupSchedules).set(good).where(here);
      // Somebody wanted it so.
      else if (operation.state === 'cancelled') await tx.update(backupSchedules).set(over).where(here);
      else await countFailure(tx, containerId, operation.error?.detail ?? 'It could not be taken back.', baseUrl);
    });
  }
}

/** One more run that failed. The caller's transaction holds the schedule's row, so nobody is told twice. */
export async function countFailure(tx: Tx, containerId: string, problem: string, baseUrl: string): Promise<void> {
  const [row] = await tx
    .update(backupSchedules)
    .set({ pendingOperationId: null, failures: sql`${backupSchedules.failures} + 1`, problem })
    .where(eq(backupSchedules.containerId, containerId))
    .returning();
  const [container] = await tx.select().from(containers).where(eq(containers.id, containerId));
  if (row === undefined || container === undefined) return;
  await publish(tx, { type: 'backup', tenantId: row.tenantId, containerId });
  const { failures } = row;
  const toTenant = failures === tellTenantAfter;
  if (!toTenant && failures !== tellAdministratorAfter) return;
  const facts = { container: container.name, problem, failures };
  await mailOwners(
    tx,
    toTenant ? row.tenantId : null,
    ({ name, email }, at) =>
      backupFailedMail(email, { ...facts, name, link: `${at}/containers/${containerId}/backups` }),
    baseUrl,
  );
}
