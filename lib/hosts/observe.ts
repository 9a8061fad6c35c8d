import { and, eq, inArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor } from '#lib/access/actor.ts';
import type { HostInfo, Inventory, InventoryItem } from '#lib/contract/agent-state.ts';
import { type Db, withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { type NewEvent, publish } from '#lib/events/publish.ts';
import { takeDeeds } from './deeds.ts';
import { trackOrphans } from './records.ts';

const observer = systemActor('observer');

/**
 * Writes down what a host said of its containers, in one statement for all of them, and tells live pages: of power at
 * once, of usage when `withUsage` says that it is time. What has been written since `askedAt` stands: the host's answer
 * may be older than the end of an operation. A generation higher than ours (after a restore of an older copy of the panel) becomes
 * ours, so that the next order is above everything the host has seen. Gives the containers that we know nothing of. What root
 * of the host did without us goes into the audit record.
 */
export async function observe(
  db: Db,
  hostId: string,
  inventory: Inventory,
  askedAt: Date,
  withUsage: boolean,
): Promise<string[]> {
  return await withActor(db, observer, async (tx) => {
    await tx
      .update(hosts)
      .set({
        status: 'ok',
        lastSeenAt: new Date(),
        bootId: inventory.bootId,
        clockOffsetMs: Math.round(Date.parse(inventory.time) - Date.now()),
      })
      .where(eq(hosts.id, hostId));
    await takeDeeds(tx, hostId, inventory.deeds);
    const before = await tx
      .select({
        id: containers.id,
        hostId: containers.hostId,
        deletedAt: containers.deletedAt,
        tenantId: containers.tenantId,
        power: containers.observedPower,
        at: containers.observedAt,
        lastExit: containers.lastExit,
      })
      .from(containers)
      .where(
        inArray(
          containers.id,
          inventory.containers.map((item) => item.containerId),
        ),
      );
    const unknown = await trackOrphans(tx, hostId, inventory, before, askedAt);
    if (inventory.containers.length === 0) return unknown;
    // Where root of the host decided without us, the host's wish is the newer one.
    const decided = new Set(inventory.deeds.map((deed) => deed.containerId));
    const rows = JSON.stringify(inventory.containers.map((item) => row(item, decided.has(item.containerId))));
    await tx.execute(sql`
      update ${containers} as c set
        observed_power = o.power, observed_at = ${askedAt.toISOString()}::timestamptz, observed_since = o.since,
        observed_boot_id = o.boot_id, last_exit = o.last_exit, exits = o.exits, restarts = o.restarts, usage = o.usage,
        repair_since = case when o.repair is null then null else coalesce(c.repair_since, o.since, now()) end,
        repair_until = case when o.repair is null then null else coalesce(c.repair_until, now() + interval '4 hours') end,
        repair_read_only = (o.repair->>'readOnly')::boolean,
        generation = greatest(c.generation, o.generation), desired = coalesce(o.desired, c.desired)
      from jsonb_to_recordset(${rows}::jsonb)
        as o(id uuid, power text, since timestamptz, boot_id text, last_exit jsonb, exits jsonb, restarts jsonb, usage jsonb,
             generation int, desired text, repair jsonb)
      where c.id = o.id and c.host_id = ${hostId} and c.deleted_at is null
        and (c.observed_at is null or c.observed_at <= ${askedAt.toISOString()}::timestamptz)`);
    const events: NewEvent[] = [];
    for (const old of before) {
      const item = inventory.containers.find((one) => one.containerId === old.id);
      if (item === undefined || (old.at !== null && old.at > askedAt)) continue;
      const about = { tenantId: old.tenantId, containerId: old.id };
      // An end is told also when the container is up again already.
      const exit = item.lastExit?.at === old.lastExit?.at ? null : item.lastExit;
      if (item.power !== old.power || exit !== null) {
        events.push({ ...about, type: 'container', data: { power: item.power, ...(exit === null ? {} : { exit }) } });
      }
      if (withUsage && item.usage !== null) events.push({ ...about, type: 'usage', data: item.usage });
    }
    await publish(tx, ...events);
    return unknown;
  });
}

function row(item: InventoryItem, decided: boolean) {
  return {
    desired: decided ? item.desired : null,
    id: item.containerId,
    power: item.power,
    since: item.since,
    boot_id: item.bootId,
    last_exit: item.lastExit,
    exits: item.exits,
    restarts: item.restarts,
    usage: item.usage,
    repair: item.repair,
    generation: item.generation,
  };
}

/**
 * Writes down what a host is and has, and which templates it holds all layers of. Of one that is offered it is not believed that it
 * does not: the host may have been asked before it was built.
 */
export async function describe(db: Db, hostId: string, info: z.infer<typeof HostInfo>): Promise<void> {
  await withActor(db, observer, async (tx) => {
    await tx.update(hosts).set({ info }).where(eq(hosts.id, hostId));
    const there = new Set(info.layers.map((layer) => layer.digest));
    const known = await tx.select().from(templates);
    const held = known.filter((template) => template.layers.every((digest) => there.has(digest)));
    if (held.length > 0) {
      await tx
        .insert(hostTemplates)
        .values(held.map((template) => ({ hostId, templateId: template.id })))
        .onConflictDoNothing();
    }
    const gone = known.filter((template) => template.withdrawnAt !== null && !held.includes(template));
    if (gone.length > 0) {
      const ids = gone.map((template) => template.id);
      await tx
        .delete(hostTemplates)
        .where(and(eq(hostTemplates.hostId, hostId), inArray(hostTemplates.templateId, ids)));
    }
  });
}

/** Tells staff that a host was heard of, or fell silent. */
export async function tellHost(db: Db, hostId: string, silent: boolean): Promise<void> {
  await withActor(db, observer, async (tx) => {
    await publish(tx, { type: 'host', tenantId: null, data: { hostId, silent } });
    const affected = await tx
      .select({ id: containers.id, tenantId: containers.tenantId })
      .from(containers)
      .where(sql`${containers.hostId} = ${hostId} and ${containers.deletedAt} is null`);
    await publish(
      tx,
      ...affected.map((one) => ({ type: 'container' as const, tenantId: one.tenantId, containerId: one.id, data: {} })),
    );
  });
}
