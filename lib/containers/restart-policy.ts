import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import type { SetRestartPolicy } from '#lib/contract/containers.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { requestOperation } from '#lib/operations/request.ts';
import type { ContainerFacts } from './facts.ts';

/** Says what a container's host does when the container ends by itself; the host acts on it alone, portal or not. */
export async function setRestartPolicy(
  actor: Actor,
  id: string,
  input: z.infer<typeof SetRestartPolicy>,
): Promise<Operation> {
  const change = ({ container: { restartPolicy } }: ContainerFacts) => ({ before: { restartPolicy }, after: input });
  return await requestOperation(actor, { kind: 'restart-policy', containerId: id, input, change });
}
