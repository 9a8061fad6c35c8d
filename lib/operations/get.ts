import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { findOperation, present } from './find.ts';
import type { OperationRow } from './present.ts';

/** The row, if this person may know of it and may do this to it. */
export async function operationFor(tx: Tx, actor: Actor, id: string, permission: Permission): Promise<OperationRow> {
  const operation = await findOperation(tx, id);
  if (operation === undefined) throw new BerthError('not_found');
  authorize(actor, permission, operation);
  return operation;
}

export async function getOperation(actor: Actor, id: string): Promise<Operation> {
  authorize(actor, 'operation.read');
  return await asActor(actor, async (tx) => present(tx, actor, await operationFor(tx, actor, id, 'operation.read')));
}
