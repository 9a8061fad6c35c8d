import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { ResolveOperation } from '#lib/contract/rest.ts';
import { asActor } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import { present } from './find.ts';
import { operationFor } from './get.ts';
import { operationEvent } from './present.ts';

/** A person says that they have put a stuck operation right: it ends as failed and gives its lock back. */
export async function resolveOperation(
  actor: Actor,
  id: string,
  input: z.infer<typeof ResolveOperation>,
): Promise<Operation> {
  authorize(actor, 'operation.resolve');
  return await asActor(actor, async (tx) => {
    await tx.select({ id: operations.id }).from(operations).where(eq(operations.id, id)).for('update');
    const operation = await operationFor(tx, actor, id, 'operation.resolve');
    if (operation.state !== 'stuck') throw new BerthError('state', 'Only a stuck operation can be resolved by hand.');
    const values = {
      state: 'failed' as const,
      endedAt: new Date(),
      evidence: [...operation.evidence, `Resolved by ${actor.name}: ${input.note}`],
    };
    await tx.update(operations).set(values).where(eq(operations.id, id));
    const resolved = { ...operation, ...values };
    await publish(tx, operationEvent(resolved));
    await writeAudit(tx, actor, {
      verb: 'operation.resolve',
      tenantId: operation.tenantId,
      targetKind: 'operation',
      targetId: id,
      targetName: operation.containerName,
      detail: { kind: operation.kind, note: input.note },
    });
    return await present(tx, actor, resolved);
  });
}
