import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { containers } from '#lib/db/schema/containers.ts';
import { imports } from '#lib/db/schema/imports.ts';
import { templateOf } from '#lib/hosts/records.ts';
import { firstStart, madeOnHost, neverMade, newContainer } from './create.ts';
import { startPriorityOf } from './restart-policy.ts';
import { containerChanged, containerOf, resultOf, type Workflow } from './work.ts';

export const ImportInput = z.object({ importId: z.string(), start: z.boolean() });

/**
 * import: unpack (the container, of the archive) → start → tidy (the archive goes). Undo of unpack deletes the container. Until the
 * container is there to stay the archive is, too: who has sent gigabytes need not send them again because the system in it does not start.
 */
export const importContainer: Workflow<'import'> = {
  kind: 'import',
  steps: {
    unpack: {
      actions: async (tx, work) => {
        const { importId } = ImportInput.parse(work.operation.input);
        const { resources, restartPolicy, planId, sshKeys } = containerOf(work);
        const startPriority = await startPriorityOf(tx, planId);
        const rootPassword = await work.secret(tx, 'rootPassword');
        const limits = { resources, restartPolicy, startPriority };
        return [
          {
            verb: 'container.import',
            args: { uploadId: importId, ...newContainer(work), ...limits, sshKeys },
            secrets: rootPassword === undefined ? {} : { rootPassword },
          },
        ];
      },
      done: async (tx, work) => {
        const { template, report, ...made } = resultOf(work, 'container.import');
        const templateId = await templateOf(tx, template);
        await tx
          .update(containers)
          .set({ templateId })
          .where(eq(containers.id, containerOf(work).id));
        return { ...(await madeOnHost(tx, work, made)), report };
      },
      undo: async () => [{ verb: 'container.delete', args: {}, secrets: {} }],
    },
    start: firstStart,
    tidy: {
      lenient: true,
      actions: async (_tx, work) => {
        const { importId } = ImportInput.parse(work.operation.input);
        return [{ verb: 'archive.forget', args: { archiveId: importId }, secrets: {} }];
      },
    },
  },
  failed: async (tx, work) => {
    await neverMade(tx, work);
    await tx.update(imports).set({ operationId: null }).where(eq(imports.operationId, work.operation.id));
  },
  events: containerChanged,
};
