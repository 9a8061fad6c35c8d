import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { BerthError } from '#lib/contract/errors.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { firstForwards, firstStart, madeOnHost, newContainer } from './create.ts';
import { keptAccess } from './keep-access.ts';
import { startPriorityOf } from './restart-policy.ts';
import { type AnyAction, containerChanged, containerOf, resultOf, templateOf, type Workflow } from './work.ts';

export const UndeleteInput = z.object({
  backupId: z.string(),
  anyAddress: z.boolean(),
  start: z.boolean(),
  name: z.string(),
  /** The row of the deleted container: what it is again should this fail. */
  was: z.object({
    hostId: z.string(),
    name: z.string(),
    address: z.string().nullable(),
    volumeId: z.string(),
    deletedAt: z.iso.datetime(),
    undeleteUntil: z.iso.datetime(),
    lostAt: z.iso.datetime().optional(),
  }),
});

/**
 * undelete: recreate (the container with the files of the backup, then its forwards) → start. Undo of recreate deletes it, its address
 * kept as before; then the row is a deleted one again.
 */
export const undelete: Workflow<'undelete'> = {
  kind: 'undelete',
  steps: {
    recreate: {
      actions: async (tx, work) => {
        const { backupId, anyAddress } = UndeleteInput.parse(work.operation.input);
        const container = containerOf(work);
        const { resources, restartPolicy, planId, templateId, address } = container;
        const [row] = await tx.select().from(backups).where(eq(backups.id, backupId));
        if (row === undefined || row.state !== 'complete' || row.resticSnapshotId === null) {
          throw new BerthError('state', 'The backup is not there any more.');
        }
        const { repository, secrets } = await work.repositoryOf(tx, row);
        const template = row.template ?? (await templateOf(tx, templateId));
        const startPriority = await startPriorityOf(tx, planId);
        const limits = { resources, restartPolicy, startPriority };
        const from = { repository, resticSnapshotId: row.resticSnapshotId, access: keptAccess(container) };
        const recreated: AnyAction = {
          verb: 'container.recreate',
          args: { ...newContainer(work), template, ...limits, address, anyAddress, ...from },
          secrets,
        };
        return [recreated, ...(await firstForwards(tx, work))];
      },
      done: async (tx, work) => {
        const made = resultOf(work, 'container.recreate');
        const { id, address: before, templateId } = containerOf(work);
        const told = await madeOnHost(tx, work, made);
        const { backupId } = UndeleteInput.parse(work.operation.input);
        const [backup] = await tx.select().from(backups).where(eq(backups.id, backupId));
        // What it was on when the backup was made.
        const back = { undeleteUntil: null, templateId: backup?.templateId ?? templateId };
        await tx.update(containers).set(back).where(eq(containers.id, id));
        const moved = before !== null && before !== made.address ? { addressBefore: before } : {};
        const kept = made.accessKept === false ? { accessKept: false } : {};
        return { ...told, ...moved, ...kept, files: made.files, bytes: made.bytes };
      },
      undo: async (_tx, work) => {
        const { was } = UndeleteInput.parse(work.operation.input);
        const ownHost = containerOf(work).hostId === was.hostId;
        const args = ownHost ? { keepAddressUntil: was.undeleteUntil } : {};
        return [{ verb: 'container.delete', args, secrets: {} }];
      },
    },
    start: firstStart,
  },
  failed: async (tx, work) => {
    const { was } = UndeleteInput.parse(work.operation.input);
    const { id } = containerOf(work);
    const { hostId, name, address, volumeId } = was;
    const times = { deletedAt: new Date(was.deletedAt), undeleteUntil: new Date(was.undeleteUntil) };
    const lostAt = was.lostAt === undefined ? null : new Date(was.lostAt);
    await tx
      .update(containers)
      .set({ hostId, name, address, volumeId, ...times, lostAt, desired: 'stopped' })
      .where(eq(containers.id, id));
  },
  events: containerChanged,
};
