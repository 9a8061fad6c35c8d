import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm';
import type { UserActor } from '#lib/access/actor.ts';
import type { BindingHold } from '#lib/contract/holds.ts';
import { asActor } from '#lib/db/client.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { tenants } from '#lib/db/schema/tenants.ts';

/** What binds the actor now, on accounts and containers of theirs: for the words above every page. Nothing for staff, whom holds do not bind. */
export async function holdsBinding(actor: UserActor): Promise<BindingHold[]> {
  const bound = actor.assignments.filter((one) => one.held !== null);
  const whole = bound.flatMap((one) => (one.held?.whole === true && one.tenantId !== null ? [one.tenantId] : []));
  const single = bound.flatMap((one) =>
    one.reach === 'all' || one.tenantId === null
      ? []
      : (one.held?.containerIds ?? []).map((id) => ({ id, tenantId: one.tenantId, reach: one.reach })),
  );
  const reached = single
    .filter(({ id, tenantId, reach }) => {
      if (reach === 'all') return true;
      return reach.containerIds.includes(id) || (tenantId !== null && reach.tenantIds.includes(tenantId));
    })
    .map(({ id }) => id);
  if (whole.length + reached.length === 0) return [];
  return await asActor(actor, async (tx) => {
    const rows = await tx
      .select({ hold: holds, tenantName: tenants.name, containerName: containers.name })
      .from(holds)
      .innerJoin(tenants, eq(tenants.id, holds.tenantId))
      .leftJoin(containers, eq(containers.id, holds.containerId))
      .where(
        and(
          isNull(holds.liftedAt),
          or(
            whole.length === 0 ? undefined : and(inArray(holds.tenantId, whole), isNull(holds.containerId)),
            reached.length === 0 ? undefined : inArray(holds.containerId, reached),
          ),
          or(isNull(holds.containerId), isNull(containers.deletedAt)),
        ),
      )
      .orderBy(asc(holds.createdAt));
    return rows.map(({ hold, tenantName, containerName }) => ({
      id: hold.id,
      reason: hold.reason,
      message: hold.message,
      stop: hold.stop,
      placedAt: hold.createdAt.toISOString(),
      tenantName,
      containerId: hold.containerId,
      containerName,
    }));
  });
}
