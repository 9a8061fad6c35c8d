import { and, eq, inArray } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { writeLocalAudit } from '#lib/audit/write.ts';
import type { LocalDeed } from '#lib/contract/agent-state.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { publish } from '#lib/events/publish.ts';

/**
 * Takes what root of a host did without the portal into the audit record, where the container's tenant reads it too, and
 * tells live pages. Each deed once, however often the host tells it: its id is unique in the record.
 */
export async function takeDeeds(tx: Tx, hostId: string, deeds: readonly LocalDeed[]): Promise<void> {
  if (deeds.length === 0) return;
  const [host] = await tx.select({ name: hosts.name }).from(hosts).where(eq(hosts.id, hostId));
  const ids = deeds.map((deed) => deed.containerId);
  const known = await tx
    .select({ id: containers.id, name: containers.name, tenantId: containers.tenantId })
    .from(containers)
    // A host speaks of its own containers only.
    .where(and(inArray(containers.id, ids), eq(containers.hostId, hostId)));
  for (const deed of deeds) {
    const container = known.find((one) => one.id === deed.containerId);
    const written = await writeLocalAudit(
      tx,
      systemActor(`${deed.actor} on ${host?.name ?? hostId}`),
      {
        verb: deed.verb,
        outcome: deed.outcome === 'succeeded' ? 'allowed' : 'failed',
        tenantId: container?.tenantId ?? null,
        targetKind: 'container',
        targetId: deed.containerId,
        targetName: container?.name ?? null,
        detail: {
          hostId,
          doneAt: deed.endedAt,
          outcome: deed.outcome,
          ...(deed.error === null ? {} : { error: deed.error }),
        },
      },
      deed.actionId,
    );
    if (!written || container === undefined) continue;
    await publish(tx, {
      type: 'container',
      tenantId: container.tenantId,
      containerId: container.id,
      data: { local: deed.verb, actor: deed.actor, outcome: deed.outcome, at: deed.endedAt },
    });
  }
}
