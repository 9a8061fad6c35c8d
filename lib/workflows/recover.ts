import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { Recover } from '#lib/contract/files.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { giveUpSnapshot, takeSnapshot } from './snapshot.ts';
import { containerChanged, containerOf, resultOf, type Work, type Workflow } from './work.ts';

/** `snapshotId`: of the files before; single files have none, for the trash has what they replace. */
export const RecoverInput = z.object({ what: Recover, snapshotId: z.string().optional() });
const input = (work: Work) => RecoverInput.parse(work.operation.input);
const whole = (work: Work) => input(work).snapshotId !== undefined;

/**
 * recover: snapshot (of the present files, when all of the system is put back) → recover, which has no undo: what it replaces lies in the
 * trash. Undo of snapshot deletes it.
 */
export const recover: Workflow<'recover'> = {
  kind: 'recover',
  steps: {
    snapshot: {
      actions: async (tx, work) => (whole(work) ? await takeSnapshot.actions(tx, work) : []),
      done: async (tx, work) => (whole(work) ? await takeSnapshot.done?.(tx, work) : undefined),
      undo: async (tx, work) => (whole(work) ? ((await takeSnapshot.undo?.(tx, work)) ?? []) : []),
    },
    recover: {
      actions: async (_tx, work) => [{ verb: 'files.recover', args: input(work).what, secrets: {} }],
      done: async (tx, work) => {
        const { changed, at } = resultOf(work, 'files.recover');
        if (!whole(work)) return { changed };
        const [plan] = await tx
          .select()
          .from(plans)
          .where(eq(plans.id, containerOf(work).planId));
        const undoUntil = new Date(Date.now() + (plan?.retentionHours ?? 24) * 3_600_000).toISOString();
        return { changed, undoUntil, ...(at === undefined ? {} : { recoveredAt: at }) };
      },
    },
  },
  failed: giveUpSnapshot,
  events: containerChanged,
};
