import type { Actor } from '#lib/access/actor.ts';
import type { ContainerRow } from '#lib/containers/facts.ts';
import type { Tx } from '#lib/db/client.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';

/** Writes a snapshot down before it is made, so that it has its place within the plan. */
export async function announce(
  tx: Tx,
  actor: Actor,
  container: ContainerRow,
  snapshot: Pick<typeof snapshots.$inferInsert, 'operationId' | 'name' | 'kind'> & { id: string },
): Promise<void> {
  const { id: containerId, tenantId, templateId } = container;
  await tx
    .insert(snapshots)
    .values({ ...snapshot, containerId, tenantId, templateId, actorName: actor.name, state: 'making' });
}
