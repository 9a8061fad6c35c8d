import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import type { StopContainer } from '#lib/contract/containers.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { requestOperation } from '#lib/operations/request.ts';

/** Stops, as stop does, and starts again. */
export async function restartContainer(
  actor: Actor,
  id: string,
  input: z.infer<typeof StopContainer>,
): Promise<Operation> {
  return await requestOperation(actor, { kind: 'restart', containerId: id, input: { timeoutMs: input.timeoutMs } });
}
