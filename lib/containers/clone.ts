import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofContainer, ofTenant } from '#lib/access/authorize.ts';
import type { CloneContainer } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { permitted } from '#lib/contract/states.ts';
import { asActor } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { present } from '#lib/operations/find.ts';
import { enqueueOperation, insertOperation } from '#lib/operations/insert.ts';
import { needOf } from '#lib/resellers/quota.ts';
import { refuseBeyondQuota } from '#lib/resellers/refuse.ts';
import { type ContainerFacts, containerFacts } from './facts.ts';
import { planForCopy } from './given-plans.ts';
import { refuseBeyondPlan } from './plan-limits.ts';
import { forwardSsh } from './ports.ts';

/**
 * Makes another container of the same tenant, on the same server and (unless another is named) plan, with the files this one has at one instant, and
 * an identity of its own. The operation is the new container's. Throws `plan_limit` when the tenant may have no more of the plan,
 * `conflict` when it has another of the name, `state` (also for a plan that is not offered any more), `held`, `busy`.
 */
export async function cloneContainer(
  actor: Actor,
  sourceId: string,
  input: z.infer<typeof CloneContainer>,
): Promise<Operation> {
  authorize(actor, 'container.clone');
  const decided = await asActor(actor, async (tx) => {
    const facts = await containerFacts(tx, sourceId, { lock: true });
    if (facts === undefined || facts.container.deletedAt !== null) throw new BerthError('not_found');
    const { container: source } = facts;
    authorize(actor, 'container.clone', ofContainer(source));
    // The new one is no part of what a role over single containers reaches.
    if (!hasPermission(actor, 'container.clone', ofTenant(source.tenantId))) throw new BerthError('forbidden');
    refuseUnlessFree(facts);
    const plan = await planForCopy(tx, actor, facts, input.planId);
    // On the plan it has, the copy has what the first has, which may be less than the plan gives by now.
    const resources = plan.id === source.planId ? source.resources : plan.resources;
    await refuseBeyondPlan(tx, source.tenantId, plan);
    const next = needOf(resources, plan);
    const reseller = await refuseBeyondQuota(tx, actor, { tenantId: source.tenantId, next });
    if (reseller?.hostIds?.includes(source.hostId) === false) {
      throw new BerthError('quota_limit', 'The reseller may not make more containers on this server.');
    }
    const { tenantId, hostId, templateId, sshKeys, restartPolicy } = source;
    const container = {
      ...{ id: uuidv7(), volumeId: uuidv7(), name: input.name, hostname: input.name },
      ...{ tenantId, hostId, planId: plan.id, templateId, resources, sshKeys, restartPolicy },
      desired: input.start ? ('running' as const) : ('stopped' as const),
    };
    await tx.insert(containers).values(container);
    await forwardSsh(tx, container, plan);
    const operation = await insertOperation(tx, actor, {
      kind: 'clone',
      tenantId,
      container,
      hostId,
      generation: 1,
      input: { sourceId, snapshotId: uuidv7(), start: input.start },
    });
    return { operation, shown: await present(tx, actor, operation) };
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'containers_name')) throw error;
    throw new BerthError('conflict', 'There is a container of this name.', {
      issues: [{ path: 'name', message: 'is taken' }],
      cause: error,
    });
  });
  await enqueueOperation(decided.operation);
  return decided.shown;
}

function refuseUnlessFree(facts: ContainerFacts): void {
  const { holds, active } = facts;
  const verdict = permitted('clone', facts);
  if (!verdict.allowed) throw new BerthError(holds.length > 0 ? 'held' : 'state', verdict.reason);
  const holder = active.find((one) => one.lock === 'exclusive');
  if (holder !== undefined) throw new BerthError('busy', undefined, { operationId: holder.id });
}
