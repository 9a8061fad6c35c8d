import { and, count, eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { Tx } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { requestOperation } from '#lib/operations/request.ts';
import type { ContainerFacts } from './facts.ts';

const dayMs = 24 * 3_600_000;

/**
 * Deletes a container with everything the host has of it. Its history stays. With a complete backup it can be had back for as many days
 * as the plan says ({@link file://./undelete.ts}): so long its backups stay, and its address and ports are kept for it.
 */
export async function removeContainer(
  actor: Actor,
  id: string,
  options: { before?: (tx: Tx) => Promise<void> } = {},
): Promise<Operation> {
  return await requestOperation(actor, {
    ...options,
    kind: 'delete',
    containerId: id,
    prepare: undeleteTimes,
  });
}

/** Until when one that is deleted now can be had back. */
export async function undeleteTimes(
  tx: Tx,
  { container, plan }: Pick<ContainerFacts, 'container' | 'plan'>,
): Promise<{ undeleteUntil?: string }> {
  const days = plan.deletedContainerDays;
  if (days === 0 || (await completeBackups(tx, container.id)) === 0) return {};
  return { undeleteUntil: new Date(Date.now() + days * dayMs).toISOString() };
}

export async function completeBackups(tx: Tx, containerId: string): Promise<number> {
  const [row] = await tx
    .select({ n: count() })
    .from(backups)
    .where(and(eq(backups.containerId, containerId), eq(backups.state, 'complete')));
  return row?.n ?? 0;
}
