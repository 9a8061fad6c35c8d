import { eq } from 'drizzle-orm';
import type { Snapshot } from '#lib/contract/snapshots.ts';
import type { Tx } from '#lib/db/client.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { templates } from '#lib/db/schema/templates.ts';

/** States in which a snapshot takes its place within the plan. */
export const livingStates = ['making', 'present', 'deleting'] as const;

export function selectSnapshots(tx: Tx) {
  return tx
    .select({ snapshot: snapshots, template: { name: templates.name, version: templates.version } })
    .from(snapshots)
    .innerJoin(templates, eq(templates.id, snapshots.templateId));
}

export function presentSnapshot({ snapshot, template }: Awaited<ReturnType<typeof selectSnapshots>>[number]): Snapshot {
  const { id, containerId, name, kind, bytes, freezeMs, operationId, actorName, createdAt } = snapshot;
  const state = snapshot.state === 'making' || snapshot.state === 'present' ? snapshot.state : 'deleting';
  return {
    ...{ id, containerId, name, kind, state, bytes, freezeMs, template, operationId, actorName },
    createdAt: createdAt.toISOString(),
  };
}
