import { and, asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, ofContainer } from '#lib/access/authorize.ts';
import type { AddForward, Forward } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { asActor } from '#lib/db/client.ts';
import { containers, portForwards } from '#lib/db/schema/containers.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { refuseMoreForwards } from './plan-limits.ts';
import { reservePort } from './ports.ts';

/** All forwards of a container; a plan allows 200 at most, so it is always one page. */
export async function listForwards(
  actor: Actor,
  containerId: string,
): Promise<{ items: Forward[]; nextCursor: string | null }> {
  authorize(actor, 'container.read');
  return await asActor(actor, async (tx) => {
    const [container] = await tx.select().from(containers).where(eq(containers.id, containerId));
    if (container === undefined) throw new BerthError('not_found');
    authorize(actor, 'container.read', ofContainer(container));
    const rows = await tx
      .select()
      .from(portForwards)
      .where(eq(portForwards.containerId, containerId))
      .orderBy(asc(portForwards.id));
    const items = rows.map(({ id, protocol, hostPort, containerPort }) => ({ id, protocol, hostPort, containerPort }));
    return { items, nextCursor: null };
  });
}

/** Forwards a port of the host to the container: the wished one, or a free one of the host's range. */
export async function addForward(
  actor: Actor,
  containerId: string,
  input: z.infer<typeof AddForward>,
): Promise<Operation> {
  return await requestOperation(actor, {
    kind: 'forwards',
    containerId,
    change: (_, { added }) => ({ before: { forward: null }, after: { forward: added } }),
    prepare: async (tx, { container, plan }) => {
      await refuseMoreForwards(tx, container.id, plan);
      const { tenantId, hostId } = container;
      return { wish: input, added: await reservePort(tx, { ...input, tenantId, containerId: container.id, hostId }) };
    },
  });
}

export async function removeForward(actor: Actor, containerId: string, forwardId: string): Promise<Operation> {
  return await requestOperation(actor, {
    kind: 'forwards',
    containerId,
    change: (_, { was }) => ({ before: { forward: was }, after: { forward: null } }),
    prepare: async (tx) => {
      const [row] = await tx
        .select()
        .from(portForwards)
        .where(and(eq(portForwards.id, forwardId), eq(portForwards.containerId, containerId)));
      if (row === undefined) throw new BerthError('not_found');
      const { id, protocol, hostPort, containerPort } = row;
      return { removed: id, was: { protocol, hostPort, containerPort } };
    },
  });
}
