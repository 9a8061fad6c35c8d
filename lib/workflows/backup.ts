import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { comeBack } from '#lib/backups/limits.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { AroundCommands } from '#lib/contract/integrity.ts';
import type { Tx } from '#lib/db/client.ts';
import { backupLocations, backups, repositories } from '#lib/db/schema/backups.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { measure } from './measure.ts';
import { containerChanged, containerOf, resultOf, type Work, type Workflow } from './work.ts';

export const BackupInput = z.object({
  backupId: z.string(),
  snapshotId: z.string(),
  name: z.string().default(''),
  note: z.string().default(''),
  protected: z.boolean().default(false),
  scheduled: z.boolean().default(false),
  /** Backups that made room for it. They come back if it fails. */
  rotated: z.array(z.string()).default([]),
  /** As they were when it was asked for. */
  commands: AroundCommands.optional(),
});
const input = (work: Work) => BackupInput.parse(work.operation.input);

/**
 * backup: snapshot → upload → verify → tidy → measure.
 * The container is locked until the snapshot exists; from then on others may work on it. Undo of the snapshot deletes it,
 * undo of the upload forgets it at the location. `tidy` and `measure` come after the backup is complete, so their failure only
 * leaves a snapshot behind, or older figures.
 */
export const backup: Workflow<'backup'> = {
  kind: 'backup',
  steps: {
    snapshot: {
      actions: async (tx, work) => {
        const container = containerOf(work);
        const repository = await work.repositoryForNew(tx, container.tenantId);
        await tx
          .insert(backups)
          .values({
            id: input(work).backupId,
            tenantId: container.tenantId,
            containerId: container.id,
            repositoryId: repository.id,
            operationId: work.operation.id,
            name: input(work).name,
            note: input(work).note,
            protected: input(work).protected,
            scheduled: input(work).scheduled,
            state: 'running',
            templateId: container.templateId,
            actorName: work.operation.actorName,
          })
          .onConflictDoUpdate({ target: backups.operationId, set: { id: input(work).backupId, state: 'running' } });
        const { snapshotId, commands } = input(work);
        const args = { snapshotId, ...(commands === undefined ? {} : { commands }) };
        return [{ verb: 'snapshot.create', args, secrets: {} }];
      },
      done: async (tx, work) => {
        const { freezeMs, bytes, commands } = resultOf(work, 'snapshot.create');
        await change(tx, work, { freezeMs, commands: commands ?? null });
        await tx.update(operations).set({ lock: 'background' }).where(eq(operations.id, work.operation.id));
        return {
          ...{ freezeMs, snapshotBytes: bytes },
          ...(commands?.before ? { beforeExitCode: commands.before.exitCode } : {}),
          ...(commands?.after ? { afterExitCode: commands.after.exitCode } : {}),
        };
      },
      undo: async (_tx, work) => [
        { verb: 'snapshot.delete', args: { snapshotId: input(work).snapshotId }, secrets: {} },
      ],
    },
    upload: {
      actions: async (tx, work) => {
        const { repository, secrets } = await repositoryOf(tx, work);
        const { backupId, snapshotId } = input(work);
        return [{ verb: 'backup.upload', args: { backupId, snapshotId, repository }, secrets }];
      },
      done: async (tx, work) => {
        const { sameServer, ...uploaded } = resultOf(work, 'backup.upload');
        const { resticSnapshotId, files, bytesTotal, bytesAdded, template, resources, hostname } = uploaded;
        if (sameServer) await notOffsite(tx, input(work).backupId);
        // At this moment nobody else can share what it added.
        const frees = { freesBytes: bytesAdded, freesAt: new Date(), countedAt: null };
        const facts = { resticSnapshotId, files, bytesTotal, bytesAdded, template, resources, hostname };
        await change(tx, work, { ...facts, ...frees });
        return { files, bytesTotal, bytesAdded };
      },
      undo: async (tx, work) => {
        const [row] = await tx
          .select()
          .from(backups)
          .where(eq(backups.id, input(work).backupId));
        const { repository, secrets } = await repositoryOf(tx, work);
        // Cut off before it had an answer: what may lie there is known by the backup's name alone.
        const { backupId } = input(work);
        const args = { repository, resticSnapshotId: row?.resticSnapshotId ?? null, backupId };
        return [{ verb: 'backup.delete', args, secrets }];
      },
    },
    verify: {
      actions: async (tx, work) => {
        const { repository, secrets } = await repositoryOf(tx, work);
        const { resticSnapshotId, template } = resultOf(work, 'backup.upload');
        const args = { backupId: input(work).backupId, repository, resticSnapshotId, layers: template.layers };
        return [{ verb: 'backup.verify', args, secrets }];
      },
      done: async (tx, work) => {
        const { verifiedAt } = resultOf(work, 'backup.verify');
        const at = new Date(verifiedAt);
        await change(tx, work, { state: 'complete', verifiedAt: at, health: 'whole', healthAt: at, missing: null });
        return { backupId: input(work).backupId, verifiedAt };
      },
    },
    tidy: {
      lenient: true,
      actions: async (_tx, work) => [
        { verb: 'snapshot.delete', args: { snapshotId: input(work).snapshotId }, secrets: {} },
      ],
    },
    measure,
  },
  failed: async (tx, work) => {
    await change(tx, work, { state: 'failed' });
    // The failed one counts no more.
    await comeBack(tx, containerOf(work).id, input(work).rotated);
  },
  events: (work) => [
    ...containerChanged(work),
    ...containerChanged(work).map((event) => ({ ...event, type: 'backup' as const })),
  ],
};

/** Where the backup began to be written, whatever has been chosen for the container since. */
async function repositoryOf(tx: Tx, work: Work) {
  const [row] = await tx
    .select()
    .from(backups)
    .where(eq(backups.id, input(work).backupId));
  if (row === undefined) throw new BerthError('not_found', 'The backup is gone.');
  return await work.repositoryOf(tx, row);
}

/** What a host has met on itself is not elsewhere, whatever whoever added it thought. */
async function notOffsite(tx: Tx, backupId: string): Promise<void> {
  const here = tx
    .select({ id: repositories.locationId })
    .from(backups)
    .innerJoin(repositories, eq(repositories.id, backups.repositoryId))
    .where(eq(backups.id, backupId));
  await tx
    .update(backupLocations)
    .set({ offsite: false })
    .where(and(inArray(backupLocations.id, here), eq(backupLocations.offsite, true)));
}

async function change(tx: Tx, work: Work, values: Partial<typeof backups.$inferInsert>): Promise<void> {
  await tx
    .update(backups)
    .set(values)
    .where(eq(backups.id, input(work).backupId));
}
