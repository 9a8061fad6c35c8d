import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { containers, portForwards } from '#lib/db/schema/containers.ts';
import { forwardsOf } from './forwards.ts';
import { powerIs } from './observed.ts';
import { startPriorityOf } from './restart-policy.ts';
import { type AnyAction, containerChanged, containerOf, resultOf, templateOf, type Workflow } from './work.ts';

export const CreateInput = z.object({ start: z.boolean(), rootPasswordRef: z.string().optional() });

/**
 * create: prepare (container, then its forwards) → start.
 * Undo of prepare deletes the container. A create that failed leaves no row that anybody sees and no name taken.
 */
export const create: Workflow<'create'> = {
  kind: 'create',
  steps: {
    prepare: {
      actions: async (tx, work) => {
        const container = containerOf(work);
        const rootPassword = await work.secret(tx, 'rootPassword');
        const actions: AnyAction[] = [
          {
            verb: 'container.create',
            args: {
              tenantId: container.tenantId,
              name: container.name,
              hostname: container.hostname,
              volumeId: container.volumeId,
              template: await templateOf(tx, container.templateId),
              resources: container.resources,
              restartPolicy: container.restartPolicy,
              startPriority: await startPriorityOf(tx, container.planId),
              sshKeys: container.sshKeys,
            },
            secrets: rootPassword === undefined ? {} : { rootPassword },
          },
        ];
        const forwards = await forwardsOf(tx, container.id);
        if (forwards.length > 0) {
          actions.push({ verb: 'container.forwards', args: { forwards }, secrets: {}, part: 'forwards' });
        }
        return actions;
      },
      done: async (tx, work) => {
        const { address, idBase } = resultOf(work, 'container.create');
        const { id } = containerOf(work);
        await tx.update(containers).set({ address, idBase, createdOnHostAt: new Date() }).where(eq(containers.id, id));
        await powerIs(tx, id, 'stopped');
        return { address };
      },
      undo: async () => [{ verb: 'container.delete', args: {}, secrets: {} }],
    },
    start: {
      actions: async (_tx, work) =>
        CreateInput.parse(work.operation.input).start ? [{ verb: 'container.start', args: {}, secrets: {} }] : [],
      done: async (tx, work) => {
        const started = work.results['container.start'];
        if (started !== undefined) await powerIs(tx, containerOf(work).id, 'running', new Date(started.startedAt));
        return undefined;
      },
    },
  },
  failed: async (tx, work) => {
    const { id } = containerOf(work);
    await tx.update(containers).set({ deletedAt: new Date(), createdOnHostAt: null }).where(eq(containers.id, id));
    await tx.delete(portForwards).where(eq(portForwards.containerId, id));
  },
  events: containerChanged,
};
