import { eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { hasPermission } from '#lib/access/authorize.ts';
import { getContainer } from '#lib/containers/get.ts';
import { TicketSnapshot } from '#lib/contract/tickets.ts';
import { asActor } from '#lib/db/client.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { listOperations } from '#lib/operations/list.ts';
import { planOf } from '#lib/plans/list.ts';

const latest = 10;

/**
 * How things stand with a container now, for those who are asked for help: as the actor sees them, cut to what the contract names, so
 * that nothing comes along that was not meant to. No keys, no passwords, no content of files.
 */
export async function snapshotOf(actor: Actor, containerId: string): Promise<TicketSnapshot> {
  const container = await getContainer(actor, containerId);
  const over = { tenantId: container.tenantId, containerId };
  const sees = hasPermission(actor, 'operation.read', over);
  const { items } = sees ? await listOperations(actor, { containerId, limit: latest }) : { items: [] };
  const [plan] = await asActor(actor, (tx) => tx.select().from(plans).where(eq(plans.id, container.planId)));
  return TicketSnapshot.parse({
    takenAt: new Date().toISOString(),
    container,
    plan: plan === undefined ? null : planOf(plan),
    operations: items,
  });
}
