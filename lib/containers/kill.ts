import type { Actor } from '#lib/access/actor.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { requestOperation } from '#lib/operations/request.ts';

/** Kills at once, also while something else runs: that is asked to cancel and undoes itself. */
export async function killContainer(actor: Actor, id: string): Promise<Operation> {
  return await requestOperation(actor, { kind: 'kill', containerId: id });
}
