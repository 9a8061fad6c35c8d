import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { productOf } from '#lib/brands/mail.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { containerChanged, containerOf, resultOf, type Work, type Workflow } from './work.ts';

export const ExportInput = z.object({
  snapshotId: z.string(),
  exportedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
const input = (work: Work) => ExportInput.parse(work.operation.input);

/**
 * export: snapshot → pack → tidy. The container is locked until the snapshot exists. Undo of pack forgets the file, undo of the snapshot
 * deletes it.
 */
export const exportContainer: Workflow<'export'> = {
  kind: 'export',
  steps: {
    snapshot: {
      actions: async (_tx, work) => [
        { verb: 'snapshot.create', args: { snapshotId: input(work).snapshotId }, secrets: {} },
      ],
      done: async (tx, work) => {
        const { freezeMs } = resultOf(work, 'snapshot.create');
        await tx.update(operations).set({ lock: 'background' }).where(eq(operations.id, work.operation.id));
        return { freezeMs };
      },
      undo: async (_tx, work) => [
        { verb: 'snapshot.delete', args: { snapshotId: input(work).snapshotId }, secrets: {} },
      ],
    },
    pack: {
      actions: async (tx, work) => {
        const { snapshotId, exportedAt, expiresAt } = input(work);
        const { name, tenantId } = containerOf(work);
        const product = await productOf(tx, tenantId);
        const args = { exportId: work.operation.id, snapshotId, name, exportedAt, expiresAt, product };
        return [{ verb: 'container.export', args, secrets: {} }];
      },
      done: async (_tx, work) => ({ ...resultOf(work, 'container.export'), expiresAt: input(work).expiresAt }),
      undo: async (_tx, work) => [{ verb: 'archive.forget', args: { archiveId: work.operation.id }, secrets: {} }],
    },
    tidy: {
      lenient: true,
      actions: async (_tx, work) => [
        { verb: 'snapshot.delete', args: { snapshotId: input(work).snapshotId }, secrets: {} },
      ],
    },
  },
  events: containerChanged,
};
