import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { getContainer } from '#lib/containers/get.ts';
import type { Container } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { AdoptOrphan } from '#lib/contract/hosts.ts';
import { asActor } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { orphans } from '#lib/db/schema/hosts.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { publish } from '#lib/events/publish.ts';
import { forgetCopy, hostName } from '#lib/hosts/copies.ts';
import { replaceForwards } from '#lib/hosts/records.ts';

/**
 * Takes a container that only its host knows into the panel, under its own id, tenant and generation; on the host nothing
 * happens. A tenant that is not known any more is made anew under its old id. Throws `not_found`, and `conflict` when the
 * tenant has another container of the name.
 */
export async function adoptOrphan(actor: Actor, id: string, input: z.infer<typeof AdoptOrphan>): Promise<Container> {
  authorize(actor, 'orphan.decide');
  await asActor(actor, async (tx) => {
    const [orphan] = await tx.select().from(orphans).where(eq(orphans.containerId, id)).for('update');
    if (orphan === undefined) throw new BerthError('not_found');
    const [plan] = await tx.select({ id: plans.id }).from(plans).where(eq(plans.id, input.planId));
    if (plan === undefined) throw new BerthError('not_found', 'There is no such plan.');
    const { record, hostId, tenantId, templateId } = orphan;
    const [known] = await tx.select().from(containers).where(eq(containers.id, id)).for('update');
    if (known !== undefined && known.deletedAt === null && known.hostId !== hostId) {
      throw new BerthError('conflict', `It is there again, on ${await hostName(tx, known.hostId)}.`, {
        remedy: 'What is here is an older copy of it. Delete the one there first, if this is the one to keep.',
      });
    }
    const generation = Math.max(orphan.generation, known?.generation ?? 1);
    const made = await tx
      .insert(tenants)
      .values({ id: tenantId, name: `Recovered ${tenantId.slice(-6)}` })
      .onConflictDoNothing()
      .returning({ id: tenants.id });
    const { hostname, desired, address, idBase, volumeId, resources, restartPolicy } = record;
    const row = {
      ...{ tenantId, hostId, planId: plan.id, templateId, name: input.name ?? record.name, generation },
      ...{ hostname, desired, address, idBase, volumeId, resources, restartPolicy },
      createdOnHostAt: new Date(),
      deletedAt: null,
      undeleteUntil: null,
      lostAt: null,
      observedAt: null,
    };
    // The copy of the panel may remember it as deleted, or as about to be made.
    await tx
      .insert(containers)
      .values({ id, ...row })
      .onConflictDoUpdate({ target: containers.id, set: row });
    await replaceForwards(tx, hostId, record);
    await forgetCopy(tx, hostId, id);
    await tx.delete(orphans).where(and(eq(orphans.hostId, hostId), eq(orphans.containerId, id)));
    await writeAudit(tx, actor, {
      verb: 'orphan.decide',
      tenantId,
      targetKind: 'container',
      targetId: id,
      targetName: row.name,
      detail: { decision: 'adopted', hostId, tenantMade: made.length > 0 },
    });
    await publish(tx, { type: 'container', tenantId, containerId: id, data: {} });
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'containers_name')) throw error;
    throw new BerthError('conflict', 'The tenant has a container of this name. Give this one another.', {
      issues: [{ path: 'name', message: 'is taken' }],
      cause: error,
    });
  });
  return await getContainer(actor, id);
}
