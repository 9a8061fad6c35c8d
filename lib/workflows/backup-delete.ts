import { and, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { BerthError } from '#lib/contract/errors.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { measure } from './measure.ts';
import { containerChanged, resultOf, type Work, type Workflow } from './work.ts';

export const BackupDeleteInput = z.object({
  backupId: z.string(),
  was: z.enum(['complete', 'failed', 'running', 'removed', 'pending-prune']),
  /** It is only put aside, to be had back until then. */
  keepUntil: z.iso.datetime().optional(),
});
const input = (work: Work) => BackupDeleteInput.parse(work.operation.input);

/**
 * backup-delete: forget → measure. A backup that can be had back stays at its location; else the host that reaches that forgets
 * it. A failure leaves the backup as it was; if nobody can say how far it came, nobody may rely on the backup any more, and it
 * can only be deleted again.
 */
export const backupDelete: Workflow<'backup-delete'> = {
  kind: 'backup-delete',
  steps: {
    forget: {
      actions: async (tx, work) => {
        const { backupId, was, keepUntil } = input(work);
        // A later attempt may find it recovered: then it is nobody's to delete.
        const [row] = await tx
          .update(backups)
          .set({ state: 'deleting' })
          .where(and(eq(backups.id, backupId), inArray(backups.state, ['deleting', was])))
          .returning();
        if (row === undefined) throw new BerthError('state', 'The backup is not what it was when this was asked for.');
        if (keepUntil !== undefined) return [];
        const { repository, secrets } = await work.repositoryOf(tx, row);
        const { resticSnapshotId } = row;
        return [{ verb: 'backup.delete', args: { repository, resticSnapshotId, backupId }, secrets }];
      },
      done: async (tx, work) => {
        const { backupId, keepUntil } = input(work);
        const values = keepUntil === undefined ? gone(work) : putAsideUntil(keepUntil);
        await tx.update(backups).set(values).where(eq(backups.id, backupId));
        return keepUntil === undefined ? undefined : { recoverableUntil: keepUntil };
      },
    },
    measure: {
      ...measure,
      // One that was put aside before did not count any more.
      actions: async (tx, work) => (didNotCount(work) ? [] : await measure.actions(tx, work)),
      done: async (tx, work) => (didNotCount(work) ? undefined : await measure.done?.(tx, work)),
    },
  },
  failed: async (tx, work, { uncertain }) => {
    const { backupId, was } = input(work);
    const state = uncertain && was !== 'pending-prune' ? 'failed' : was;
    const again = state === 'removed' || state === 'pending-prune';
    const purgeAt = again ? sql`greatest(${backups.purgeAt}, now() + interval '1 hour')` : null;
    await tx
      .update(backups)
      .set({ state, purgeAt })
      .where(and(eq(backups.id, backupId), eq(backups.state, 'deleting')));
  },
  events: (work) => containerChanged(work).map((event) => ({ ...event, type: 'backup' as const })),
};

/** The row of one that can be had back until then. */
export const putAsideUntil = (keepUntil: string) => ({
  ...{ state: 'removed' as const, removedAt: new Date() },
  purgeAt: new Date(keepUntil),
});

const didNotCount = (work: Work) => ['removed', 'pending-prune'].includes(input(work).was);

/** Where hosts cannot delete it waits for a maintenance run. */
function gone(work: Work) {
  const { pendingPrune } = resultOf(work, 'backup.delete');
  return { state: pendingPrune ? ('pending-prune' as const) : ('deleted' as const), purgeAt: null };
}
