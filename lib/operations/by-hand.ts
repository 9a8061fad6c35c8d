/**
 * What the rows become when a person has ended a stuck operation by hand, kind by kind. `failed`: whatever it began is taken back, and all is
 * as before it was asked for; `done`: what it wanted is there. A person's word is as good as the host's for what the request itself says
 * (other limits, a forward, a deletion). It is not for what only the host could tell: which address a new container has, what was kept for
 * undo, whether a backup was verified. Where that has not been written down, `done` is refused; and where it has, so that the rows have moved
 * on already, `failed` is.
 */
import { eq } from 'drizzle-orm';
import { BerthError } from '#lib/contract/errors.ts';
import { HandoverInput } from '#lib/contract/handovers.ts';
import type { OperationKind } from '#lib/contract/states.ts';
import type { Tx } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { access } from '#lib/workflows/access.ts';
import { workflowOf } from '#lib/workflows/all.ts';
import { BackupDeleteInput, putAsideUntil } from '#lib/workflows/backup-delete.ts';
import { configured } from '#lib/workflows/configure.ts';
import { ConfirmInput } from '#lib/workflows/confirm.ts';
import { becomesDeleted, DeleteInput } from '#lib/workflows/delete.ts';
import { forwards } from '#lib/workflows/forwards.ts';
import { noRepair, repairBegins, repairIs } from '#lib/workflows/repair.ts';
import { restartPolicy } from '#lib/workflows/restart-policy.ts';
import { consume } from '#lib/workflows/retain.ts';
import { snapshotDelete } from '#lib/workflows/snapshot-delete.ts';
import { containerOf, type Work } from '#lib/workflows/work.ts';

type Rows = (tx: Tx, work: Work) => Promise<unknown>;
type ByHand = { done: Rows; failed: Rows };

const nothing: Rows = async () => undefined;
/** What the workflow itself writes when it has failed and everything was undone. */
const undone: Rows = async (tx, work) => await workflowOf(work.operation.kind).failed?.(tx, work, { uncertain: false });

/** Done only by what the host has told; nothing is left to write then. */
const written =
  (is: (work: Work, tx: Tx) => boolean | Promise<boolean>): Rows =>
  async (tx, work) => {
    if (await is(work, tx)) return;
    throw new BerthError(
      'state',
      'Only its server can tell what was made, and it has not: this cannot be resolved as done.',
      {
        remedy: 'Try it again; or take back what it left, and resolve it as failed.',
      },
    );
  };
/** Failed only as long as the rows have not moved on. */
const unless =
  (is: (work: Work) => boolean, rows: Rows): Rows =>
  async (tx, work) => {
    if (!is(work)) return await rows(tx, work);
    throw new BerthError('state', 'By all that is written down it is done: this cannot be resolved as failed.', {
      remedy: 'Resolve it as done. Then it can be undone like any other.',
    });
  };

/** A new container has the address that its host gave it. Taken back, it never was; undeleted, it is deleted as before. */
const made: ByHand = { done: written((work) => containerOf(work).createdOnHostAt !== null), failed: undone };
/** Where the files of the container lie now was written with what is kept of those before. */
const onNewFiles = (work: Work) => containerOf(work).volumeId === work.operation.input.volumeId;
const swap: ByHand = { done: written(onNewFiles), failed: unless(onNewFiles, undone) };
const changedHands = (work: Work) =>
  containerOf(work).tenantId === HandoverInput.parse(work.operation.input).toTenantId;
const told = (fact: string) => written((work) => work.operation.result[fact] !== undefined);
/** Whether it runs is what its host says at every look. */
const power: ByHand = { done: nothing, failed: nothing };

export const byHand: Record<OperationKind, ByHand> = {
  create: made,
  clone: made,
  import: made,
  undelete: made,
  delete: {
    done: async (tx, work) => {
      const { undeleteUntil } = DeleteInput.parse(work.operation.input);
      await becomesDeleted(tx, containerOf(work).id, undeleteUntil === undefined ? null : new Date(undeleteUntil));
    },
    failed: nothing,
  },
  start: power,
  stop: power,
  restart: power,
  kill: power,
  // No backup is complete by a person's word.
  backup: { done: written(async (work, tx) => (await backupState(tx, work)) === 'complete'), failed: undone },
  'backup-delete': {
    done: async (tx, work) => {
      const { backupId, keepUntil } = BackupDeleteInput.parse(work.operation.input);
      const values = keepUntil === undefined ? { state: 'deleted' as const, purgeAt: null } : putAsideUntil(keepUntil);
      await tx.update(backups).set(values).where(eq(backups.id, backupId));
    },
    failed: undone,
  },
  // What was found is in its result. Ended without, it says nothing of any backup, and the next one comes when it is due.
  'backup-check': { done: told('found'), failed: nothing },
  'backup-test': { done: told('passed'), failed: undone },
  restore: swap,
  'restore-into': swap,
  reinstall: swap,
  undo: swap,
  rollback: swap,
  confirm: {
    done: async (tx, work) => await consume(tx, ConfirmInput.parse(work.operation.input).retainedId),
    failed: undone,
  },
  // The row of a container says what it should have: what was asked for, or what it had.
  configure: {
    done: configured,
    failed: nothing,
  },
  access: { done: async (tx, work) => await access.steps.access.done?.(tx, work), failed: nothing },
  'restart-policy': {
    done: async (tx, work) => await restartPolicy.steps['restart-policy'].done?.(tx, work),
    failed: nothing,
  },
  forwards: { done: async (tx, work) => await forwards.steps.forwards.done?.(tx, work), failed: undone },
  // A snapshot that nobody has told the size and the moment of is nothing to go back to.
  snapshot: { done: written(async (work, tx) => (await snapshotState(tx, work)) === 'present'), failed: undone },
  'snapshot-delete': {
    done: async (tx, work) => await snapshotDelete.steps.delete.done?.(tx, work),
    failed: undone,
  },
  repair: {
    done: repairBegins,
    failed: undone,
  },
  'repair-finish': { done: async (tx, work) => await repairIs(tx, containerOf(work).id, noRepair), failed: nothing },
  // The files are as they are; the snapshot of before is there if its host has said so.
  recover: {
    done: async (tx, work) => {
      if ((await snapshotState(tx, work)) === 'making') await undone(tx, work);
    },
    failed: undone,
  },
  'restore-files': { done: nothing, failed: nothing },
  'open-backup': { done: nothing, failed: nothing },
  export: { done: told('expiresAt'), failed: nothing },
  handover: { done: written(changedHands), failed: unless(changedHands, undone) },
  'template-build': { done: told('templateId'), failed: nothing },
};

async function backupState(tx: Tx, { operation }: Work): Promise<string | undefined> {
  const [row] = await tx.select({ state: backups.state }).from(backups).where(eq(backups.operationId, operation.id));
  return row?.state;
}

async function snapshotState(tx: Tx, { operation }: Work): Promise<string | undefined> {
  const [row] = await tx
    .select({ state: snapshots.state })
    .from(snapshots)
    .where(eq(snapshots.operationId, operation.id));
  return row?.state;
}
