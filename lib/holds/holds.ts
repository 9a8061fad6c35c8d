import { and, asc, eq, isNull, or, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import type { z } from 'zod';
import type { Actor, UserActor } from '#lib/access/actor.ts';
import { authorize, hasPermission, type Resource } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { Facts } from '#lib/contract/audit-facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Hold, LiftHold, PlaceHold } from '#lib/contract/holds.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { publish } from '#lib/events/publish.ts';

/** What is held: one container, or all of a tenant. */
export type Over = { containerId: string } | { tenantId: string };
type Target = { tenantId: string; containerId: string | null; name: string };

/** What holds a container (its tenant's holds too), or a tenant; to whoever may see that. */
export async function listHolds(actor: UserActor, over: Over): Promise<{ items: Hold[]; nextCursor: null }> {
  authorize(actor, 'container.read');
  return await asActor(actor, async (tx) => {
    const target = await targetFor(tx, actor, over, 'container.read');
    const { tenantId, containerId } = target;
    const own = containerId === null ? undefined : eq(holds.containerId, containerId);
    const rows = await tx
      .select()
      .from(holds)
      .where(and(eq(holds.tenantId, tenantId), isNull(holds.liftedAt), or(own, isNull(holds.containerId))))
      .orderBy(asc(holds.createdAt));
    return { items: rows.map((row) => shown(row, actor)), nextCursor: null };
  });
}

/**
 * Puts a hold. From the next request on the tenant's people can only look; consoles end within 2 s; the worker stops what is to be
 * stopped, whatever runs there ({@link file://./enforce.ts}). Throws `conflict` where one of the reason is.
 */
export async function placeHold(actor: UserActor, over: Over, input: z.infer<typeof PlaceHold>): Promise<Hold> {
  authorize(actor, 'hold.put');
  try {
    return await asActor(actor, async (tx) => shown(await putHold(tx, actor, over, input), actor));
  } catch (error) {
    if (
      !isUniqueViolation(error, 'holds_one_of_a_reason') &&
      !isUniqueViolation(error, 'holds_one_of_a_reason_on_a_tenant')
    ) {
      throw error;
    }
    throw new BerthError('conflict', 'There is a hold for this reason already.', { cause: error });
  }
}

/** {@link placeHold} in the caller's transaction, which writes down with it why. */
export async function putHold(
  tx: Tx,
  actor: Actor,
  over: Over,
  input: z.infer<typeof PlaceHold>,
): Promise<typeof holds.$inferSelect> {
  const target = await targetFor(tx, actor, over, 'hold.put');
  const { tenantId, containerId, name } = target;
  refuseOthersReason(actor, input.reason, target);
  const [row] = await tx
    .insert(holds)
    .values({ id: v7(), tenantId, containerId, ...input, placedBy: actor.name })
    .returning();
  if (row === undefined) throw new Error('an insert returned no row');
  await record(tx, actor, 'hold.place', target, { reason: input.reason, stop: input.stop, message: input.message });
  await publish(tx, { type: 'container', tenantId, containerId, data: { held: name } });
  return row;
}

/** Lifts a hold: that of this reason and no other. With the last one that stops a container what was wanted before comes back. */
export async function liftHold(actor: UserActor, over: Over, { reason }: z.infer<typeof LiftHold>): Promise<void> {
  authorize(actor, 'hold.put');
  const lifted = await asActor(actor, (tx) => endHold(tx, actor, over, reason));
  if (!lifted) throw new BerthError('not_found', 'There is no hold for this reason.');
}

/** {@link liftHold} in the caller's transaction. False where there is no such hold. */
export async function endHold(tx: Tx, actor: Actor, over: Over, reason: PlaceHoldReason): Promise<boolean> {
  const target = await targetFor(tx, actor, over, 'hold.put');
  const { tenantId, containerId } = target;
  refuseOthersReason(actor, reason, target);
  const on = containerId === null ? isNull(holds.containerId) : eq(holds.containerId, containerId);
  const [lifted] = await tx
    .update(holds)
    .set({ liftedAt: sql`now()` })
    .where(and(eq(holds.tenantId, tenantId), on, eq(holds.reason, reason), isNull(holds.liftedAt)))
    .returning();
  if (lifted === undefined) return false;
  await record(tx, actor, 'hold.lift', target, { reason });
  await publish(tx, { type: 'container', tenantId, containerId });
  return true;
}

/** Payment lifts what was for want of it, and nothing else. */
function refuseOthersReason(actor: Actor, reason: PlaceHoldReason, about: Resource): void {
  if (hasPermission(actor, `hold.${reason}`, about)) return;
  throw new BerthError('forbidden', `Holds for "${reason}" are put and lifted by somebody else.`);
}
type PlaceHoldReason = z.infer<typeof PlaceHold>['reason'];

async function targetFor(tx: Tx, actor: Actor, over: Over, permission: Permission): Promise<Target> {
  if ('containerId' in over) {
    const [row] = await tx.select().from(containers).where(eq(containers.id, over.containerId));
    if (row === undefined || row.deletedAt !== null) throw new BerthError('not_found');
    const target = { tenantId: row.tenantId, containerId: row.id, name: row.name };
    authorize(actor, permission, target);
    return target;
  }
  const [row] = await tx.select().from(tenants).where(eq(tenants.id, over.tenantId));
  if (row === undefined) throw new BerthError('not_found');
  const target = { tenantId: row.id, containerId: null, name: row.name };
  authorize(actor, permission, target);
  return target;
}

async function record(tx: Tx, actor: Actor, verb: string, target: Target, detail: Facts) {
  const { tenantId, containerId, name } = target;
  const targetKind = containerId === null ? 'tenant' : 'container';
  await writeAudit(tx, actor, {
    verb,
    tenantId,
    targetKind,
    targetId: containerId ?? tenantId,
    targetName: name,
    detail,
  });
}

function shown(row: typeof holds.$inferSelect, actor: UserActor): Hold {
  return {
    id: row.id,
    reason: row.reason,
    message: row.message,
    over: row.containerId === null ? 'tenant' : 'container',
    stop: row.stop,
    placedAt: row.createdAt.toISOString(),
    placedBy: row.placedBy,
    canLift: hasPermission(actor, 'hold.put', row) && hasPermission(actor, `hold.${row.reason}`, row),
  };
}
