import { eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofContainer, ofTenant } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Plan } from '#lib/contract/plans.ts';
import { asActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { refuseStale } from '#lib/http/edition.ts';
import { planToChange } from '#lib/plans/find.ts';
import { planOf } from '#lib/plans/list.ts';
import { findForPlan, findLocation } from './find.ts';

/**
 * Says where the backups of a container go from now on; those that exist stay where they are. A tenant may choose its own
 * locations (the plan says which of the provider's is used), the provider also its own.
 */
export async function chooseForContainer(actor: Actor, id: string, locationId: string | null): Promise<void> {
  authorize(actor, 'location.choose');
  await asActor(actor, async (tx) => {
    const [container] = await tx.select().from(containers).where(eq(containers.id, id)).for('update');
    if (container === undefined || container.deletedAt !== null) throw new BerthError('not_found');
    authorize(actor, 'location.choose', ofContainer(container));
    const location = locationId === null ? null : await findLocation(tx, locationId);
    const theirs = location === null || location.tenantId === container.tenantId;
    const providers = location?.tenantId === null && hasPermission(actor, 'location.choose', ofTenant(null));
    if (!theirs && !providers) {
      throw new BerthError('invalid', 'Backups of this container cannot go there.', {
        remedy: "Choose one of the tenant's own, or none: then the plan says where.",
      });
    }
    await tx.update(containers).set({ locationId }).where(eq(containers.id, id));
    await writeAudit(tx, actor, {
      ...{ verb: 'location.choose', tenantId: container.tenantId, targetKind: 'container', targetId: id },
      ...{ targetName: container.name, detail: { locationId, locationName: location?.name ?? null } },
    });
  });
}

/** The same for all containers of a plan that have none of their own. Only the provider's locations serve several tenants. */
export async function chooseForPlan(actor: Actor, id: string, locationId: string | null): Promise<Plan> {
  authorize(actor, 'plan.change');
  return await asActor(actor, async (tx) => {
    const location = locationId === null ? null : await findForPlan(tx, locationId);
    const before = await planToChange(tx, id);
    await refuseStale('plan', async () => planOf(before));
    const [plan] = await tx.update(plans).set({ locationId }).where(eq(plans.id, id)).returning();
    if (plan === undefined) throw new BerthError('not_found');
    const detail = { locationId, locationName: location?.name ?? null };
    const target = { targetKind: 'plan', targetId: id, targetName: plan.name };
    await writeAudit(tx, actor, { verb: 'plan.change', tenantId: null, ...target, detail });
    return planOf(plan);
  });
}
