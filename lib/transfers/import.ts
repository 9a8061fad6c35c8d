import { and, desc, eq, ne } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { refuseBeyondPlan } from '#lib/containers/plan-limits.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { type ImportContainer, importedTemplate } from '#lib/contract/transfers.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { imports } from '#lib/db/schema/imports.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { present } from '#lib/operations/find.ts';
import { enqueueOperation, insertOperation } from '#lib/operations/insert.ts';
import { sealAll } from '#lib/operations/request.ts';
import { needOf } from '#lib/resellers/quota.ts';
import { refuseBeyondQuota } from '#lib/resellers/refuse.ts';
import { openUpload } from './uploads.ts';

/**
 * Makes a container of an archive that has come in full. Its files are what the archive says, its identity too; the operation's
 * result tells what was left out. Throws `state` while some of it is missing, `plan_limit`, `quota_limit`, and `conflict` when the tenant has
 * another container of the name.
 */
export async function importContainer(actor: Actor, input: z.infer<typeof ImportContainer>): Promise<Operation> {
  authorize(actor, 'container.import');
  const decided = await asActor(actor, async (tx) => {
    const upload = await openUpload(tx, actor, input.importId, true);
    const { tenantId, hostId, planId } = upload;
    if (upload.receivedBytes !== upload.sizeBytes) {
      throw new BerthError('state', 'The archive has not come in full.', { remedy: 'Go on with the upload.' });
    }
    const [plan] = await tx.select().from(plans).where(eq(plans.id, planId));
    if (plan === undefined) throw new BerthError('not_found', 'There is no such plan any more.');
    await refuseBeyondPlan(tx, tenantId, plan);
    await refuseBeyondQuota(tx, actor, { tenantId, next: needOf(plan.resources, plan) });
    const container = {
      ...{ id: uuidv7(), volumeId: uuidv7(), name: input.name, hostname: input.name },
      ...{ tenantId, hostId, planId, resources: plan.resources, sshKeys: input.sshKeys },
      templateId: await placeholder(tx, hostId),
      desired: input.start ? ('running' as const) : ('stopped' as const),
    };
    await tx.insert(containers).values(container);
    const operation = await insertOperation(tx, actor, {
      kind: 'import',
      tenantId,
      container,
      hostId,
      generation: 1,
      input: { importId: upload.id, start: input.start },
    });
    await tx.update(imports).set({ operationId: operation.id }).where(eq(imports.id, upload.id));
    const references = await sealAll(tx, operation.id, { rootPassword: input.rootPassword });
    operation.input = { ...operation.input, ...references };
    await tx.update(operations).set({ input: operation.input }).where(eq(operations.id, operation.id));
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

/** What the archive is shows when it is unpacked; until then the row names some template of its host. */
async function placeholder(tx: Tx, hostId: string): Promise<string> {
  const [row] = await tx
    .select({ id: templates.id })
    .from(templates)
    .innerJoin(hostTemplates, and(eq(hostTemplates.templateId, templates.id), eq(hostTemplates.hostId, hostId)))
    .where(ne(templates.name, importedTemplate))
    .orderBy(desc(templates.createdAt))
    .limit(1);
  if (row === undefined) throw new BerthError('state', 'The server has no template yet.');
  return row.id;
}
