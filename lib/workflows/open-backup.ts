import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionSecrets } from '#lib/contract/agent.ts';
import type { BackupRef } from '#lib/contract/agent-backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Tx } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import type { Work, Workflow } from './work.ts';

export const OpenBackupInput = z.object({ backupId: z.string() });

/** open-backup: open (its files can be looked at on the host for a while). It changes nothing, so there is no undo. */
export const openBackup: Workflow<'open-backup'> = {
  kind: 'open-backup',
  steps: {
    open: {
      actions: async (tx, work) => {
        const { backupId } = OpenBackupInput.parse(work.operation.input);
        return [{ verb: 'backup.open', ...(await completeBackup(tx, work, backupId)) }];
      },
    },
  },
};

/** What an agent needs to reach a backup. */
export async function completeBackup(
  tx: Tx,
  work: Work,
  backupId: string,
): Promise<{ args: BackupRef; secrets: ActionSecrets<'backup.open'> }> {
  const [row] = await tx.select().from(backups).where(eq(backups.id, backupId));
  const there = row?.state === 'complete' && row.containerId === work.operation.containerId;
  if (!there || row.resticSnapshotId === null || row.template === null) {
    throw new BerthError('state', 'The backup is not there any more.');
  }
  const { repository, secrets } = await work.repositoryOf(tx, row);
  const { resticSnapshotId, template } = row;
  return { args: { backupId, repository, resticSnapshotId, layers: template.layers }, secrets };
}
