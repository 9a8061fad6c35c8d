/** What a host's own records teach the portal: of containers it does not know, and after a restore of the panel of all. */
import { and, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { systemActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { HostRecord, HostRecords, Inventory } from '#lib/contract/agent-state.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { importedTemplate, importedTitle } from '#lib/contract/transfers.ts';
import { type Db, type Tx, withActor } from '#lib/db/client.ts';
import { containers, portForwards } from '#lib/db/schema/containers.ts';
import { hosts, orphans } from '#lib/db/schema/hosts.ts';
import { retainedVolumes } from '#lib/db/schema/operations.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { publish } from '#lib/events/publish.ts';

const observer = systemActor('observer');

type Known = { id: string; hostId: string; deletedAt: Date | null };

/**
 * Brings the list of a host's orphans up to date with its inventory: power and generation of those that are there, and away
 * with those that are gone or known again. Gives the containers that are new to us, whose records are still to be read.
 */
export async function trackOrphans(
  tx: Tx,
  hostId: string,
  inventory: Inventory,
  known: readonly Known[],
  askedAt: Date,
): Promise<string[]> {
  const ours = new Map(known.map((row) => [row.id, row]));
  const unknown = inventory.containers.filter(({ containerId }) => {
    const row = ours.get(containerId);
    if (row === undefined || row.hostId !== hostId) return true;
    // The host was asked before the container went.
    return row.deletedAt !== null && row.deletedAt < askedAt;
  });
  const listed = await tx.select().from(orphans).where(eq(orphans.hostId, hostId));
  for (const row of listed) {
    const item = unknown.find((one) => one.containerId === row.containerId);
    const here = and(eq(orphans.hostId, hostId), eq(orphans.containerId, row.containerId));
    if (item === undefined) await tx.delete(orphans).where(here);
    else if (item.power !== row.power || item.generation !== row.generation) {
      await tx.update(orphans).set({ power: item.power, generation: item.generation }).where(here);
    }
  }
  return unknown.map((item) => item.containerId).filter((id) => !listed.some((row) => row.containerId === id));
}

/** Writes down containers that only their host knows. Writing one down twice is fine. */
export async function noteOrphans(db: Db, hostId: string, found: readonly HostRecord[], inventory: Inventory) {
  await withActor(db, observer, async (tx) => {
    for (const record of found) {
      const power = inventory.containers.find((item) => item.containerId === record.containerId)?.power ?? 'stopped';
      const { containerId, tenantId, generation } = record;
      const templateId = await templateOf(tx, record.template);
      const [noted] = await tx
        .insert(orphans)
        .values({ hostId, containerId, tenantId, templateId, generation, power, record })
        .onConflictDoNothing()
        .returning({ id: orphans.containerId });
      if (noted === undefined) continue;
      await writeAudit(tx, observer, {
        verb: 'orphan.found',
        tenantId: null,
        targetKind: 'container',
        targetId: containerId,
        targetName: record.name,
        detail: { hostId, generation },
      });
    }
    await publish(tx, { type: 'host', tenantId: null, data: { hostId } });
  });
}

/** Our template of exactly these layers and this init, made when there is none: the host has its layers, or it could not run. */
export async function templateOf(tx: Tx, ref: TemplateRef): Promise<string> {
  const layers = JSON.stringify(ref.layers);
  const [same] = await tx
    .select()
    .from(templates)
    .where(and(sql`${templates.layers} = ${layers}::jsonb`, eq(templates.init, ref.init)))
    .limit(1);
  if (same !== undefined) return same.id;
  const row = {
    id: uuidv7(),
    name: ref.name,
    title: ref.name === importedTemplate ? importedTitle : ref.name,
    init: ref.init,
    layers: ref.layers,
    bytes: 0,
  };
  for (const version of [ref.version, `${ref.version}-${ref.layers.at(-1)?.slice(7, 15)}`]) {
    const [made] = await tx
      .insert(templates)
      .values({ ...row, version })
      .onConflictDoNothing()
      .returning({ id: templates.id });
    if (made !== undefined) return made.id;
  }
  throw new Error(`there is another template ${ref.name} ${ref.version}`);
}

/**
 * After a restore of the panel: what the host's records say of the containers we know wins over what the copy says. Volume,
 * limits, address, forwards and generation are the host's; kept volumes that are no longer there count as used. From then on
 * the host is believed and used again.
 */
export async function takeRecords(db: Db, hostId: string, said: HostRecords): Promise<void> {
  await withActor(db, observer, async (tx) => {
    const ids = said.containers.map((record) => record.containerId);
    const known =
      ids.length === 0
        ? []
        : await tx
            .select()
            .from(containers)
            .where(and(inArray(containers.id, ids), eq(containers.hostId, hostId), isNull(containers.deletedAt)));
    for (const record of said.containers) {
      const row = known.find((one) => one.id === record.containerId);
      if (row !== undefined) await takeRecord(tx, hostId, row, record);
    }
    const kept = said.containers.flatMap((record) => record.retainedVolumeIds);
    await tx
      .update(retainedVolumes)
      .set({ consumedAt: new Date() })
      .where(
        and(
          isNull(retainedVolumes.consumedAt),
          inArray(
            retainedVolumes.containerId,
            tx.select({ id: containers.id }).from(containers).where(eq(containers.hostId, hostId)),
          ),
          kept.length === 0 ? undefined : notInArray(retainedVolumes.volumeId, kept),
        ),
      );
    await tx.update(hosts).set({ recordsWantedAt: null }).where(eq(hosts.id, hostId));
    await writeAudit(tx, observer, {
      verb: 'host.records',
      tenantId: null,
      targetKind: 'host',
      targetId: hostId,
      detail: { containers: ids.length, known: known.length },
    });
    await publish(tx, { type: 'host', tenantId: null, data: { hostId } });
  });
}

async function takeRecord(tx: Tx, hostId: string, row: typeof containers.$inferSelect, record: HostRecord) {
  const { hostname, desired, address, idBase, volumeId, resources, restartPolicy } = record;
  await tx
    .update(containers)
    .set({
      ...{ hostname, desired, address, idBase, volumeId, resources, restartPolicy },
      templateId: await templateOf(tx, record.template),
      generation: sql`greatest(${containers.generation}, ${record.generation})`,
      createdOnHostAt: row.createdOnHostAt ?? new Date(),
    })
    .where(eq(containers.id, row.id));
  await replaceForwards(tx, hostId, { ...record, tenantId: row.tenantId });
}

/** The portal's list of a container's forwards made equal to the host's. */
export async function replaceForwards(tx: Tx, hostId: string, record: HostRecord): Promise<void> {
  const { containerId, tenantId, forwards } = record;
  await tx.delete(portForwards).where(eq(portForwards.containerId, containerId));
  for (const { protocol, hostPort, containerPort } of forwards) {
    // A row of the copy may name the port for another container; on the host it is this one's.
    const same = and(
      eq(portForwards.hostId, hostId),
      eq(portForwards.protocol, protocol),
      eq(portForwards.hostPort, hostPort),
    );
    await tx.delete(portForwards).where(same);
    await tx.insert(portForwards).values({ hostId, containerId, tenantId, protocol, hostPort, containerPort });
  }
}
