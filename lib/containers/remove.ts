import type { Actor } from '#lib/access/actor.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { requestOperation } from '#lib/operations/request.ts';

/** Deletes a container with everything the host has of it. Its backups stay, and its history. */
export async function removeContainer(actor: Actor, id: string): Promise<Operation> {
  return await requestOperation(actor, { kind: 'delete', containerId: id });
}
