import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, ofTenant } from '#lib/access/authorize.ts';
import type { CreateContainer } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { importedTemplate } from '#lib/contract/transfers.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { present } from '#lib/operations/find.ts';
import { enqueueOperation, insertOperation } from '#lib/operations/insert.ts';
import { sealAll } from '#lib/operations/request.ts';
import { needOf } from '#lib/resellers/quota.ts';
import { refuseBeyondQuota, refuseForeignPlan, refuseForeignTemplate } from '#lib/resellers/refuse.ts';
import { refuseWithdrawn } from '#lib/templates/offer.ts';
import { placeContainer } from './place.ts';
import { refuseBeyondPlan } from './plan-limits.ts';
import { forwardSsh } from './ports.ts';

/** What else is decided (`before` may refuse) and written in the transaction that makes a container, or has one back. */
export type Alongside = {
  before?: (tx: Tx) => Promise<void>;
  after?: (tx: Tx, made: { containerId: string; operationId: string }) => Promise<void>;
};

/**
 * Makes a container of a plan and a template for a tenant, with a forwarded port to its ssh server if it has one, and
 * starts it unless told not to. Throws `not_found` for what the actor may not know of, `plan_limit`, `quota_limit`, `conflict` when the
 * tenant has another of the name, `state` and `no_space` when no host can take it.
 */
export async function createContainer(
  actor: Actor,
  input: z.infer<typeof CreateContainer>,
  alongside: Alongside = {},
): Promise<Operation> {
  authorize(actor, 'container.create', ofTenant(input.tenantId));
  const decided = await asActor(actor, async (tx) => {
    await alongside.before?.(tx);
    const [tenant] = await tx.select().from(tenants).where(eq(tenants.id, input.tenantId));
    const [plan] = await tx.select().from(plans).where(eq(plans.id, input.planId));
    const [template] = await tx.select().from(templates).where(eq(templates.id, input.templateId));
    if (tenant === undefined) throw new BerthError('not_found', 'There is no such tenant.');
    if (plan === undefined) throw new BerthError('not_found', 'There is no such plan.');
    if (template === undefined || template.name === importedTemplate)
      throw new BerthError('not_found', 'There is no such template.');
    refuseWithdrawn(template);
    await refuseForeignPlan(tx, tenant.id, plan);
    await refuseBeyondPlan(tx, tenant.id, plan);
    const next = needOf(plan.resources, plan);
    const reseller = await refuseBeyondQuota(tx, actor, { tenantId: tenant.id, next });
    refuseForeignTemplate(reseller, template.id);
    const { diskBytes } = plan.resources;
    const wish = { hostId: input.hostId, templateId: template.id, diskBytes, among: reseller?.hostIds ?? null };
    const host = await placeContainer(tx, wish);
    const container = {
      id: uuidv7(),
      tenantId: tenant.id,
      hostId: host.id,
      planId: plan.id,
      templateId: template.id,
      name: input.name,
      hostname: input.name,
      desired: input.start ? ('running' as const) : ('stopped' as const),
      resources: plan.resources,
      volumeId: uuidv7(),
      sshKeys: input.sshKeys,
      ...(input.restartPolicy === undefined ? {} : { restartPolicy: input.restartPolicy }),
    };
    await tx.insert(containers).values(container);
    await forwardSsh(tx, container, plan);
    const operation = await insertOperation(tx, actor, {
      kind: 'create',
      tenantId: tenant.id,
      container,
      hostId: host.id,
      generation: 1,
      input: { start: input.start },
    });
    const references = await sealAll(tx, operation.id, { rootPassword: input.rootPassword });
    operation.input = { ...operation.input, ...references };
    await tx.update(operations).set({ input: operation.input }).where(eq(operations.id, operation.id));
    await alongside.after?.(tx, { containerId: container.id, operationId: operation.id });
    return { operation, shown: await present(tx, actor, operation) };
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'containers_name')) throw error;
    throw new BerthError('conflict', 'The tenant has a container of this name.', {
      issues: [{ path: 'name', message: 'is taken' }],
      cause: error,
    });
  });
  await enqueueOperation(decided.operation);
  return decided.shown;
}
