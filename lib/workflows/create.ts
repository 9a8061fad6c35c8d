import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '#lib/db/client.ts';
import { containers, portForwards } from '#lib/db/schema/containers.ts';
import { forwardsOf } from './forwards.ts';
import { powerIs } from './observed.ts';
import { startPriorityOf } from './restart-policy.ts';
import {
  type AnyAction,
  containerChanged,
  containerOf,
  resultOf,
  type Step,
  templateOf,
  type Work,
  type Workflow,
} from './work.ts';

export const CreateInput = z.object({ start: z.boolean(), rootPasswordRef: z.string().optional() });

/** Who a new container is, by its row. */
export function newContainer(work: Work) {
  const { tenantId, name, hostname, volumeId } = containerOf(work);
  return { tenantId, name, hostname, volumeId };
}

/** The forwards its row has, to be set once it is there. */
export async function firstForwards(tx: Tx, work: Work): Promise<AnyAction[]> {
  const forwards = await forwardsOf(tx, containerOf(work).id);
  return forwards.length === 0
    ? []
    : [{ verb: 'container.forwards', args: { forwards }, secrets: {}, part: 'forwards' }];
}

/** Writes down that its host has made it. */
export async function madeOnHost(tx: Tx, work: Work, { address, idBase }: { address: string; idBase: number }) {
  const { id } = containerOf(work);
  await tx.update(containers).set({ address, idBase, createdOnHostAt: new Date() }).where(eq(containers.id, id));
  await powerIs(tx, id, 'stopped');
  return { address };
}

/** Of what did not come to be nobody sees a row, and no name is taken. */
export async function neverMade(tx: Tx, work: Work): Promise<void> {
  const { id } = containerOf(work);
  await tx.update(containers).set({ deletedAt: new Date(), createdOnHostAt: null }).where(eq(containers.id, id));
  await tx.delete(portForwards).where(eq(portForwards.containerId, id));
}

/** The first start, if it was asked for. */
export const firstStart: Step = {
  actions: async (_tx, work) =>
    CreateInput.parse(work.operation.input).start ? [{ verb: 'container.start', args: {}, secrets: {} }] : [],
  done: async (tx, work) => {
    const started = work.results['container.start'];
    if (started !== undefined) await powerIs(tx, containerOf(work).id, 'running', new Date(started.startedAt));
    return undefined;
  },
};

/** create: prepare (container, then its forwards) → start. Undo of prepare deletes the container. */
export const create: Workflow<'create'> = {
  kind: 'create',
  steps: {
    prepare: {
      actions: async (tx, work) => {
        const { planId, templateId, resources, restartPolicy, sshKeys } = containerOf(work);
        const rootPassword = await work.secret(tx, 'rootPassword');
        const startPriority = await startPriorityOf(tx, planId);
        const template = await templateOf(tx, templateId);
        const made: AnyAction = {
          verb: 'container.create',
          args: { ...newContainer(work), template, resources, restartPolicy, startPriority, sshKeys },
          secrets: rootPassword === undefined ? {} : { rootPassword },
        };
        return [made, ...(await firstForwards(tx, work))];
      },
      done: async (tx, work) => await madeOnHost(tx, work, resultOf(work, 'container.create')),
      undo: async () => [{ verb: 'container.delete', args: {}, secrets: {} }],
    },
    start: firstStart,
  },
  failed: neverMade,
  events: containerChanged,
};
