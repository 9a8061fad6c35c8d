import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { AddForward } from '#lib/contract/containers.ts';
import type { PortForward } from '#lib/contract/fields.ts';
import type { Tx } from '#lib/db/client.ts';
import { portForwards } from '#lib/db/schema/containers.ts';
import { containerChanged, containerOf, type Work, type Workflow } from './work.ts';

/**
 * Exactly one of the two: the row that was added (it reserves the port on the host) as somebody wished, or the one to remove.
 */
export const ForwardsInput = z.object({
  added: z.string().optional(),
  wish: AddForward.optional(),
  removed: z.string().optional(),
});

/** The forwards a container has by its rows, without one. */
export async function forwardsOf(tx: Tx, containerId: string, without?: string): Promise<PortForward[]> {
  const rows = await tx
    .select()
    .from(portForwards)
    .where(eq(portForwards.containerId, containerId))
    .orderBy(asc(portForwards.id));
  return rows
    .filter((row) => row.id !== without)
    .map(({ protocol, hostPort, containerPort }) => ({ protocol, hostPort, containerPort }));
}

async function set(tx: Tx, work: Work, without: string | undefined) {
  const forwards = await forwardsOf(tx, containerOf(work).id, without);
  return [{ verb: 'container.forwards' as const, args: { forwards }, secrets: {} }];
}

/** forwards: one step that replaces the whole set on the host; its undo sets what was there before. */
export const forwards: Workflow<'forwards'> = {
  kind: 'forwards',
  steps: {
    forwards: {
      actions: async (tx, work) => await set(tx, work, ForwardsInput.parse(work.operation.input).removed),
      done: async (tx, work) => {
        const { removed } = ForwardsInput.parse(work.operation.input);
        if (removed !== undefined) await tx.delete(portForwards).where(eq(portForwards.id, removed));
        return undefined;
      },
      undo: async (tx, work) => await set(tx, work, ForwardsInput.parse(work.operation.input).added),
    },
  },
  failed: async (tx, work) => {
    const { added } = ForwardsInput.parse(work.operation.input);
    if (added !== undefined) await tx.delete(portForwards).where(eq(portForwards.id, added));
  },
  events: containerChanged,
};
