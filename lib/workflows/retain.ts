import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { maxRetained } from '#lib/contract/containers.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { retainedVolumes } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { powerIs } from './observed.ts';
import { containerOf, resultOf, type Work } from './work.ts';

/**
 * Writes down that the container now lives on `volumeId` and that its old volume is kept for undo. If that makes more
 * than two, the one that was chosen is due for release, else the oldest. Returns the facts for the operation's result.
 */
export async function swapped(
  tx: Tx,
  work: Work,
  to: { volumeId: string; templateId: string; reason: (typeof retainedVolumes.$inferInsert)['reason'] },
): Promise<Record<string, unknown>> {
  const container = containerOf(work);
  const { retainedVolumeId, retainedBytes, wasRunning, accessKept } = resultOf(work, 'container.swap');
  const [plan] = await tx.select().from(plans).where(eq(plans.id, container.planId));
  const expiresAt = new Date(Date.now() + (plan?.retentionHours ?? 24) * 3_600_000);
  await tx
    .insert(retainedVolumes)
    .values({
      volumeId: retainedVolumeId,
      tenantId: container.tenantId,
      containerId: container.id,
      operationId: work.operation.id,
      reason: to.reason,
      bytes: retainedBytes,
      templateId: container.templateId,
      expiresAt,
    })
    .onConflictDoUpdate({
      target: retainedVolumes.volumeId,
      set: { operationId: work.operation.id, reason: to.reason, bytes: retainedBytes, expiresAt, consumedAt: null },
    });
  await tx
    .update(containers)
    .set({ volumeId: to.volumeId, templateId: to.templateId })
    .where(eq(containers.id, container.id));
  await powerIs(tx, container.id, wasRunning ? 'running' : 'stopped');
  const released = await releaseOne(tx, container.id, work.operation.input.releaseId);
  return {
    retainedVolumeId,
    retainedBytes,
    retainedUntil: expiresAt.toISOString(),
    ...(accessKept === false ? { accessKept } : {}),
    ...(released === null ? {} : { releasedOldest: released }),
  };
}

/** The sweep does it at once. */
async function releaseOne(tx: Tx, containerId: string, chosen: unknown): Promise<Record<string, unknown> | null> {
  const kept = await tx
    .select()
    .from(retainedVolumes)
    .where(and(eq(retainedVolumes.containerId, containerId), isNull(retainedVolumes.consumedAt)))
    .orderBy(asc(retainedVolumes.createdAt), asc(retainedVolumes.id));
  const first = [...kept.filter((one) => one.id === chosen), ...kept.filter((one) => one.id !== chosen)];
  // More than one too many when a release did not succeed at once: each of them is due.
  const due = first.slice(0, Math.max(0, kept.length - maxRetained));
  const [oldest] = due;
  if (oldest === undefined) return null;
  const dueIds = due.map((one) => one.id);
  await tx.update(retainedVolumes).set({ expiresAt: new Date() }).where(inArray(retainedVolumes.id, dueIds));
  return { volumeId: oldest.volumeId, reason: oldest.reason, operationId: oldest.operationId };
}

/** A retained volume serves once: it was switched back to, or its files are gone. */
export async function consume(tx: Tx, retainedId: string): Promise<void> {
  await tx.update(retainedVolumes).set({ consumedAt: new Date() }).where(eq(retainedVolumes.id, retainedId));
}
