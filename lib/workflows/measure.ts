import { and, eq, inArray, notInArray } from 'drizzle-orm';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { containerOf, resultOf, type Step } from './work.ts';

/** Each costs a run of restic, so these few at a time: those whose estimate is oldest. */
const estimates = 3;

/**
 * Counts what the container's backups take at their location, and estimates what deleting some of them would free. Afterwards what counts
 * against the plan is this and what later backups add. Its failure leaves the figures as they were.
 */
export const measure: Step = {
  lenient: true,
  actions: async (tx, work) => {
    const { id, tenantId } = containerOf(work);
    // Those that lie elsewhere, from before another location was chosen, count by what each added.
    const { repository, secrets, id: repositoryId } = await work.repositoryForNew(tx, tenantId);
    const here = eq(backups.repositoryId, repositoryId);
    const live = await tx
      .select({ resticSnapshotId: backups.resticSnapshotId, freesAt: backups.freesAt })
      .from(backups)
      .where(and(eq(backups.containerId, id), eq(backups.state, 'complete'), here));
    const known = live.flatMap(({ resticSnapshotId, freesAt }) =>
      resticSnapshotId === null ? [] : [{ id: resticSnapshotId, at: freesAt?.getTime() ?? 0 }],
    );
    const oldest = known.toSorted((a, b) => a.at - b.at).slice(0, estimates);
    const args = { repository, resticSnapshotIds: known.map((one) => one.id), each: oldest.map((one) => one.id) };
    return [{ verb: 'backup.measure', args, secrets }];
  },
  done: async (tx, work) => {
    const { bytes, counted, each } = resultOf(work, 'backup.measure');
    const { id } = containerOf(work);
    const now = new Date();
    await tx.update(containers).set({ backupBytes: bytes, backupBytesAt: now }).where(eq(containers.id, id));
    const among = (ids: string[]) => and(eq(backups.containerId, id), inArray(backups.resticSnapshotId, ids));
    await tx.update(backups).set({ countedAt: now }).where(among(counted));
    const elsewhere = and(eq(backups.containerId, id), notInArray(backups.resticSnapshotId, counted));
    await tx.update(backups).set({ countedAt: null }).where(elsewhere);
    for (const { resticSnapshotId, freesBytes } of each) {
      await tx
        .update(backups)
        .set({ freesBytes, freesAt: now })
        .where(among([resticSnapshotId]));
    }
    return undefined;
  },
};
