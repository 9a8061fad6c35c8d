import { ne } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { systemActor } from '#lib/access/actor.ts';
import { runAction } from '#lib/agent-client/actions.ts';
import type { Agents } from '#lib/agent-client/agents.ts';
import type { AgentConnection } from '#lib/agent-client/connection.ts';
import { readHost, readInventory, readRecords } from '#lib/agent-client/reads.ts';
import { silentAfterMs } from '#lib/containers/place.ts';
import type { LocalDeed } from '#lib/contract/agent-state.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { actionId } from '#lib/contract/ids.ts';
import { type Db, withActor } from '#lib/db/client.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { type CopyToStop, copiesToStop, stopCopy } from './copies.ts';
import { describe, observe, tellHost } from './observe.ts';
import { noteOrphans, takeRecords } from './records.ts';
import { type Renewal, renewHost } from './renew.ts';

export type WatchTools = {
  /** What hosts' certificates are signed with now. */
  renewal: () => Renewal;
  db: Db;
  agents: Agents;
  log: {
    info(detail: Record<string, unknown>, message: string): void;
    warn(detail: Record<string, unknown>, message: string): void;
  };
};

export const timing = {
  everyMs: 1_000,
  answerMs: 2_000,
  recordsMs: 15_000,
  usageEveryMs: 2_000,
  describeEveryMs: 30_000,
};

type Watched = {
  busy: boolean;
  heardAt: number;
  silent: boolean;
  usageAt: number;
  describedAt: number;
  renewedAt: number;
  /** It has answered since it last failed to, and had nothing that was written off running, nor wanted running. */
  settled: boolean;
  /** What it is being made to stop, for it was written off. */
  stopping: Set<string>;
};

/**
 * Looks at every host each second, all side by side: one that does not answer keeps nobody waiting and is asked again
 * only when its last question is over. Usage goes out every 2 s, what a host is every 30 s, its silence after 10 s.
 * Returns a function that ends it.
 */
export function watchHosts(tools: WatchTools): () => Promise<void> {
  const watched = new Map<string, Watched>();
  const looking = new Set<Promise<void>>();
  let ending = false;

  const round = async () => {
    const list = await withActor(tools.db, systemActor('observer'), (tx) =>
      tx
        .select({ id: hosts.id, address: hosts.address, recordsWantedAt: hosts.recordsWantedAt })
        .from(hosts)
        .where(ne(hosts.status, 'disabled')),
    );
    for (const host of list) {
      const state = watched.get(host.id) ?? {
        busy: false,
        heardAt: Date.now(),
        silent: false,
        usageAt: 0,
        describedAt: 0,
        renewedAt: 0,
        settled: false,
        stopping: new Set<string>(),
      };
      watched.set(host.id, state);
      if (state.busy) continue;
      state.busy = true;
      const look = lookAt(tools, host, state).finally(() => {
        state.busy = false;
        looking.delete(look);
      });
      looking.add(look);
    }
  };

  const timer = setInterval(() => {
    if (ending) return;
    round().catch((error: unknown) => tools.log.warn({ err: error }, 'cannot list the hosts'));
  }, timing.everyMs);
  return async () => {
    ending = true;
    clearInterval(timer);
    await Promise.allSettled(looking);
  };
}

/** The host forgets what is in the audit record. A failure is harmless: it tells again, and nothing is taken twice. */
async function sayTaken(tools: WatchTools, agent: AgentConnection, deeds: readonly LocalDeed[]): Promise<void> {
  const operationId = uuidv7();
  const call = {
    verb: 'local.told',
    actionId: actionId(operationId, 1, 'told'),
    operationId,
    containerId: null,
    generation: null,
    fence: 0,
    subject: 'system',
    args: { actionIds: deeds.map((deed) => deed.actionId) },
    secrets: {},
  } as const;
  const patience = { unreachableMs: 0, idleMs: timing.answerMs, retries: 0, totalMs: timing.answerMs };
  await runAction(agent, tools.agents.signer, call, {}, patience).catch((error: unknown) =>
    tools.log.warn({ hostId: agent.hostId, err: error }, 'the host tells again what it did without us'),
  );
}

/** Goes on beside the looks where a container takes long to end. A failure is tried again with the next look. */
async function stopWrittenOff(
  tools: WatchTools,
  agent: AgentConnection,
  copy: CopyToStop,
  { stopping }: Watched,
): Promise<void> {
  const { containerId } = copy;
  if (stopping.has(containerId)) return;
  stopping.add(containerId);
  const about = { hostId: agent.hostId, containerId };
  tools.log.warn(about, 'the host has a container that was written off, and is made to stop it');
  await stopCopy(agent, tools.agents.signer, copy)
    .catch((error: unknown) => tools.log.warn({ ...about, err: error }, 'what was written off is not stopped yet'))
    .finally(() => stopping.delete(containerId));
}

type Looked = { id: string; address: string; recordsWantedAt: Date | null };

async function lookAt(tools: WatchTools, host: Looked, state: Watched): Promise<void> {
  const agent = tools.agents.to({ hostId: host.id, address: host.address });
  const { signer } = tools.agents;
  try {
    if (state.renewedAt + timing.describeEveryMs < Date.now()) {
      await renewHost(agent, tools.renewal());
      state.renewedAt = Date.now();
    }
    if (host.recordsWantedAt !== null) {
      await takeRecords(tools.db, host.id, await readRecords(agent, signer, timing.recordsMs));
      tools.log.info({ hostId: host.id }, 'the records of the host were taken over after a restore of the panel');
    }
    const askedAt = new Date();
    const inventory = await readInventory(agent, signer, timing.answerMs, state.settled);
    const withUsage = askedAt.getTime() - state.usageAt >= timing.usageEveryMs;
    const unknown = await observe(tools.db, host.id, inventory, askedAt, withUsage);
    if (unknown.length > 0) {
      const { containers } = await readRecords(agent, signer, timing.recordsMs);
      const found = containers.filter((record) => unknown.includes(record.containerId));
      await noteOrphans(tools.db, host.id, found, inventory);
      tools.log.warn({ hostId: host.id, containers: unknown }, 'the host has containers that the panel does not know');
    }
    const copies = await copiesToStop(tools.db, host.id, inventory);
    for (const copy of copies) void stopWrittenOff(tools, agent, copy, state);
    state.settled = copies.length === 0;
    if (withUsage) state.usageAt = askedAt.getTime();
    state.heardAt = Date.now();
    if (inventory.deeds.length > 0) await sayTaken(tools, agent, inventory.deeds);
    if (state.describedAt + timing.describeEveryMs < Date.now()) {
      await describe(tools.db, host.id, await readHost(agent, signer, timing.answerMs));
      state.describedAt = Date.now();
    }
    if (state.silent) {
      state.silent = false;
      tools.log.info({ hostId: host.id }, 'the host answers again');
      await tellHost(tools.db, host.id, false);
    }
  } catch (error) {
    state.settled = false;
    // It may not know the key that signs by now: tell it first thing next time.
    if (error instanceof BerthError && error.code === 'grant_refused') state.renewedAt = 0;
    if (state.silent || Date.now() - state.heardAt < silentAfterMs) return;
    state.silent = true;
    tools.log.warn({ hostId: host.id, err: error }, 'the host does not answer');
    await tellHost(tools.db, host.id, true).catch((failure: unknown) =>
      tools.log.warn({ err: failure }, 'cannot tell that a host is silent'),
    );
  }
}
