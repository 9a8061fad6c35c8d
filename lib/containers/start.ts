import type { Actor } from '#lib/access/actor.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { requestOperation } from '#lib/operations/request.ts';

/** Asks for a container to be started. */
export async function startContainer(actor: Actor, id: string): Promise<Operation> {
  return await requestOperation(actor, { kind: 'start', containerId: id });
}
