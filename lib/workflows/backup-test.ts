import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { noteNotTested, noteTested } from '#lib/backups/tested.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { InsideCommand } from '#lib/contract/integrity.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containerOf, resultOf, type Work, type Workflow } from './work.ts';

export const BackupTestInput = z.object({
  backupId: z.string(),
  trialId: z.string(),
  volumeId: z.string(),
  probe: InsideCommand.nullable(),
});
const input = (work: Work) => BackupTestInput.parse(work.operation.input);

/**
 * backup-test: one step on the container's host, which leaves nothing. A backup that does not pass is what the operation has found out, and
 * no failure of it; failed, it says nothing of the backup.
 */
export const backupTest: Workflow<'backup-test'> = {
  kind: 'backup-test',
  steps: {
    test: {
      actions: async (tx, work) => {
        const { backupId, trialId, volumeId, probe } = input(work);
        const [row] = await tx.select().from(backups).where(eq(backups.id, backupId));
        if (row?.state !== 'complete' || row.resticSnapshotId === null) {
          throw new BerthError('state', 'The backup is not there any more.');
        }
        const { resticSnapshotId, template, resources, hostname } = row;
        if (template === null || resources === null || hostname === null)
          throw new Error('a complete backup lacks facts');
        const { repository, secrets } = await work.repositoryOf(tx, row);
        const args = { trialId, volumeId, repository, resticSnapshotId, template, resources, hostname, probe };
        return [{ verb: 'backup.test', args, secrets }];
      },
      done: async (tx, work) => {
        const report = resultOf(work, 'backup.test');
        await noteTested(
          tx,
          containerOf(work),
          { operationId: work.operation.id, backupId: input(work).backupId },
          report,
        );
        const { passed, why, tookMs, boot, probe } = report;
        return {
          ...{ backupId: input(work).backupId, passed, why, tookMs },
          ...(boot === null ? {} : { init: boot.state, bootMs: boot.tookMs }),
          ...(probe === null ? {} : { probeExitCode: probe.exitCode }),
        };
      },
    },
  },
  failed: async (tx, work) => {
    const why = work.operation.steps.find((step) => step.state === 'failed')?.message ?? 'It was cancelled.';
    await noteNotTested(tx, containerOf(work), why);
  },
  events: (work) => [{ type: 'backup', tenantId: work.operation.tenantId, containerId: work.operation.containerId }],
};
