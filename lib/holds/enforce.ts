import { eq, sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { type ContainerFacts, containerFacts } from '#lib/containers/facts.ts';
import { inNobodysHands, withinReach } from '#lib/containers/free.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Desired } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { requestOperation } from '#lib/operations/request.ts';

const keeper = systemActor('hold');
/** For its own shutdown, before it is killed. */
const stopTimeoutMs = 30_000;
/** A host that did not stop one is not asked again at every look. */
const againMs = 60_000;

type Log = { warn(detail: Record<string, unknown>, message: string): void };

const stopping = sql`exists (select from holds h where h.lifted_at is null and h.stop and h.tenant_id = c.tenant_id
  and (h.container_id = c.id or h.container_id is null))`;

/**
 * Makes containers be what the holds say: stops those that a hold stops and keeps what was wanted before, gives that back when the last
 * such hold is gone. From the rows alone, so that it goes on wherever it was cut off; several workers may do it at the same time.
 */
export async function enforceHolds(log: Log): Promise<void> {
  const [stop, release] = await asActor(keeper, async (tx) => [
    await idsOf(
      tx,
      sql`select c.id from containers c where c.deleted_at is null and c.created_on_host_at is not null and ${stopping}
        and (c.held_desired is null or c.observed_power = 'running')
        and not exists (select from operations o where o.container_id = c.id and o.kind in ('stop', 'kill')
          and o.actor_name = ${keeper.name} and o.actor_kind = 'system' and (o.state in ('queued', 'running', 'undoing')
          or c.held_desired is not null and o.queued_at > now() - make_interval(secs => ${againMs / 1000})))
        limit 50`,
    ),
    await idsOf(
      tx,
      // What cannot be started now does not stand before what can.
      sql`select c.id from containers c where c.deleted_at is null and c.held_desired is not null and not ${stopping}
        and (c.held_desired <> 'running' or ${inNobodysHands}
          and (c.observed_power = 'running'
            or ${withinReach}
              and not exists (select from holds h where h.lifted_at is null and h.tenant_id = c.tenant_id
                and (h.container_id = c.id or h.container_id is null))))
        limit 50`,
    ),
  ]);
  for (const id of stop) await quietly(log, id, () => stopHeld(id));
  for (const id of release) await quietly(log, id, () => giveBack(id));
}

async function idsOf(tx: Tx, query: ReturnType<typeof sql>): Promise<string[]> {
  return (await tx.execute<{ id: string }>(query)).rows.map((row) => row.id);
}

/** What is in somebody's hands at this moment is tried again at the next look. */
async function quietly(log: Log, containerId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BerthError)) log.warn({ err: error, containerId }, 'a hold was not enforced yet');
  }
}

async function setHeld(tx: Tx, id: string, heldDesired: Desired | null): Promise<void> {
  await tx.update(containers).set({ heldDesired }).where(eq(containers.id, id));
}

/** By its own shutdown if it is free; if something else has it, or a rescue system is in its place, at once, and that is asked to undo itself. */
async function stopHeld(id: string): Promise<void> {
  const facts = await asActor(keeper, async (tx) => {
    const found = await containerFacts(tx, id, { lock: true });
    if (found === undefined || found.active.length > 0 || found.container.observedPower !== 'stopped') return found;
    if (found.container.heldDesired === null) await setHeld(tx, id, found.container.desired);
    return undefined;
  });
  if (facts === undefined) return;
  // In repair what runs is the rescue system, which has nothing of its own to lose.
  const kind = facts.active.length > 0 || facts.state === 'repairing' ? 'kill' : 'stop';
  await requestOperation(keeper, {
    kind,
    containerId: id,
    ...(kind === 'stop' ? { input: { timeoutMs: stopTimeoutMs } } : {}),
    prepare: async (tx, { container }: ContainerFacts) => {
      if (container.heldDesired === null) await setHeld(tx, id, container.desired);
      return {};
    },
  });
}

async function giveBack(id: string): Promise<void> {
  const wanted = await asActor(keeper, async (tx) => {
    const found = await containerFacts(tx, id, { lock: true });
    if (found === undefined || found.holds.some((hold) => hold.stop)) return false;
    const { heldDesired, observedPower } = found.container;
    if (heldDesired === 'running' && (observedPower !== 'running' || found.active.length > 0)) return true;
    await setHeld(tx, id, null);
    return false;
  });
  if (!wanted) return;
  await requestOperation(keeper, {
    kind: 'start',
    containerId: id,
    prepare: async (tx) => {
      await setHeld(tx, id, null);
      return {};
    },
  });
}
