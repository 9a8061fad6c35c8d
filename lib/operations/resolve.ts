import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { type Actor, systemActor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation, ResolveOperation } from '#lib/contract/operations.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import { workflowOf } from '#lib/workflows/all.ts';
import type { Work } from '#lib/workflows/work.ts';
import { byHand } from './by-hand.ts';
import { present } from './find.ts';
import { operationFor } from './get.ts';
import { type OperationRow, operationEvent } from './present.ts';

const system = systemActor('operations');

/**
 * A person says that they have put a stuck operation right; it gives its lock back. `failed`: what it began is taken back, and all is as it
 * was before it was asked for. `done`: what it wanted is there, and it ends as succeeded. What becomes of the rows is decided for every kind
 * in {@link byHand}, with what neither can be said of: that is `state`.
 */
export async function resolveOperation(
  actor: Actor,
  id: string,
  input: z.input<typeof ResolveOperation>,
): Promise<Operation> {
  authorize(actor, 'operation.resolve');
  // As the workflow itself would write it: not all of these rows are any person's to write.
  return await asActor(system, async (tx) => {
    await tx.select({ id: operations.id }).from(operations).where(eq(operations.id, id)).for('update');
    const operation = await operationFor(tx, actor, id, 'operation.resolve');
    if (operation.state !== 'stuck') throw new BerthError('state', 'Only a stuck operation can be resolved by hand.');
    const { outcome = 'failed', note } = input;
    const work = await workOf(tx, operation);
    await byHand[operation.kind][outcome](tx, work);
    const done = outcome === 'done';
    const words = done ? `Resolved as done by ${actor.name}: ${note}` : `Resolved by ${actor.name}: ${note}`;
    const values = {
      state: done ? ('succeeded' as const) : ('failed' as const),
      endedAt: new Date(),
      evidence: [...operation.evidence, words],
      ...(done
        ? { error: null, percent: 100, steps: operation.steps.map((one) => ({ ...one, state: 'done' as const })) }
        : {}),
    };
    await tx.update(operations).set(values).where(eq(operations.id, id));
    const resolved = { ...operation, ...values };
    const retained = done && typeof operation.result.retainedVolumeId === 'string';
    await publish(tx, operationEvent(resolved, { retained }), ...(workflowOf(operation.kind).events?.(work) ?? []));
    await writeAudit(tx, actor, {
      verb: 'operation.resolve',
      tenantId: operation.tenantId,
      targetKind: 'operation',
      targetId: id,
      targetName: operation.containerName,
      detail: { kind: operation.kind, outcome, note },
    });
    return await present(tx, actor, resolved);
  });
}

/** What the rows are decided by. Nothing here reaches a host or a secret. */
async function workOf(tx: Tx, operation: OperationRow): Promise<Work> {
  const { containerId } = operation;
  const [container] =
    containerId === null ? [] : await tx.select().from(containers).where(eq(containers.id, containerId)).for('update');
  const notHere = async () => {
    throw new Error('only a worker reaches repositories');
  };
  return {
    ...{ operation, container: container ?? null, results: {} },
    ...{ repositoryOf: notHere, repositoryForNew: notHere, secret: async () => undefined },
  };
}
