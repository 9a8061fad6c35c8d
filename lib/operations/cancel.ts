import { eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { asActor } from '#lib/db/client.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import { present } from './find.ts';
import { operationFor } from './get.ts';
import { operationEvent } from './present.ts';

/**
 * Asks an operation to stop. It looks at the flag before each of its steps and while one runs, and then undoes those it has done; copying
 * and reading back give up at once, other steps run to their end. Asking twice is fine.
 */
export async function cancelOperation(actor: Actor, id: string): Promise<Operation> {
  authorize(actor, 'operation.cancel');
  return await asActor(actor, async (tx) => {
    // Told of as it is now: an end that is written at this moment would be followed by the word that it runs.
    await tx.select({ id: operations.id }).from(operations).where(eq(operations.id, id)).for('update');
    const operation = await operationFor(tx, actor, id, 'operation.cancel');
    if (operation.state !== 'queued' && operation.state !== 'running') {
      throw new BerthError('state', 'It is over, or is being taken back already.');
    }
    await tx.update(operations).set({ cancelRequested: true }).where(eq(operations.id, id));
    const asked = { ...operation, cancelRequested: true };
    await publish(tx, operationEvent(asked));
    await writeAudit(tx, actor, {
      verb: 'operation.cancel',
      tenantId: operation.tenantId,
      targetKind: 'operation',
      targetId: id,
      targetName: operation.containerName,
      detail: { kind: operation.kind },
    });
    return await present(tx, actor, asked);
  });
}
