import { and, eq, lte, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Actor, systemActor, type UserActor } from '#lib/access/actor.ts';
import { completeBackups, removeContainer } from '#lib/containers/remove.ts';
import type { Service, ServiceQuery } from '#lib/contract/billing.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor } from '#lib/db/client.ts';
import { billingServices } from '#lib/db/schema/billing.ts';
import { endHold, putHold } from '#lib/holds/holds.ts';
import { change } from './change.ts';
import { listServices } from './read.ts';

const dayMs = 86_400_000;
const system = systemActor('billing');
/** A deletion that failed is not asked for again at every look. */
const againSeconds = 60;
/** A service, and its container that is to go. */
type Due = { id: string; containerId: string };
type Log = { warn(detail: Record<string, unknown>, message: string): void };

/**
 * Ends a service. For as many days as its plan says its files can be had back ({@link file://./create.ts}): from a complete backup, if there
 * is one, so that the container is deleted at once and the backups stay; else from the container itself, which is stopped, closed
 * to its owner, and deleted when the days are over. Terminated already: nothing changes.
 */
export async function terminateService(actor: UserActor, input: z.infer<typeof ServiceQuery>): Promise<Service> {
  const now: { due?: Due } = {};
  const { hands } = await change(actor, 'terminate', input, async (tx, by, { row, container, held }) => {
    const there = container !== null && container.state !== 'deleted';
    const at = new Date();
    if (row.terminatedAt === null) {
      const days = there && (await completeBackups(tx, container.id)) === 0 ? container.deletedContainerDays : 0;
      const removeAfter = new Date(at.getTime() + days * dayMs);
      await tx.update(billingServices).set({ terminatedAt: at, removeAfter }).where(eq(billingServices.id, row.id));
      if (there && days > 0 && !held) {
        const message = 'This service was terminated.';
        await putHold(tx, by, { containerId: container.id }, { reason: 'billing', stop: true, message });
      }
      if (there && days === 0) now.due = { id: row.id, containerId: container.id };
      return { removeAfter: removeAfter.toISOString() };
    }
    if (there && row.removeAfter !== null && row.removeAfter <= at) now.due = { id: row.id, containerId: container.id };
    return undefined;
  });
  if (now.due !== undefined) await removeIfFree(hands, now.due);
  const { items } = await listServices(actor, { ...input, limit: 1 });
  const [service] = items;
  if (service === undefined) throw new BerthError('not_found');
  return service;
}

/** What is in somebody's hands, or held for another reason, is deleted when it is free: the worker looks again. */
async function removeIfFree(actor: Actor, due: Due): Promise<void> {
  try {
    await remove(actor, due);
  } catch (error) {
    if (!(error instanceof BerthError) || !['busy', 'held', 'state', 'already', 'not_found'].includes(error.code))
      throw error;
  }
}

/** Lifts billing's hold and asks for the deletion in one transaction: nobody starts it in between, and nobody deletes what is sold again. */
async function remove(actor: Actor, { id, containerId }: Due): Promise<void> {
  await removeContainer(actor, containerId, {
    before: async (tx) => {
      const [row] = await tx
        .select()
        .from(billingServices)
        .where(and(eq(billingServices.id, id), lte(billingServices.removeAfter, sql`now()`)))
        .for('update');
      if (row === undefined || row.containerId !== containerId) throw new BerthError('not_found');
      await endHold(tx, actor, { containerId }, 'billing');
    },
  });
}

/** For the worker: deletes the containers of services whose days of grace are over, and those that were busy when they were terminated. */
export async function endServices(log: Log): Promise<void> {
  const { rows } = await asActor(system, (tx) =>
    tx.execute<Due>(sql`
      select s.id, s.container_id as "containerId" from billing_services s join containers c on c.id = s.container_id
      where s.remove_after <= now() and c.deleted_at is null and not exists (select from operations o
        where o.container_id = c.id and (o.state in ('queued', 'running', 'undoing') or o.state = 'stuck' and o.lock = 'exclusive'
          or o.kind = 'delete' and o.queued_at > now() - make_interval(secs => ${againSeconds})))
        and c.repair_until is null and not exists (select from holds h where h.lifted_at is null and h.tenant_id = c.tenant_id
          and (h.container_id is null or h.container_id = c.id and h.reason <> 'billing'))
      order by s.remove_after limit 20`),
  );
  for (const due of rows) {
    try {
      await removeIfFree(system, due);
    } catch (error) {
      log.warn({ err: error, serviceId: due.id }, 'the container of a terminated service was not deleted yet');
    }
  }
}
