import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import type { StopContainer } from '#lib/contract/containers.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { requestOperation } from '#lib/operations/request.ts';

/** Shuts down by the container's own init; after `timeoutMs` what is left is killed. */
export async function stopContainer(
  actor: Actor,
  id: string,
  input: z.infer<typeof StopContainer>,
): Promise<Operation> {
  return await requestOperation(actor, { kind: 'stop', containerId: id, input: { timeoutMs: input.timeoutMs } });
}
