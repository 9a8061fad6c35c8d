/**
 * Brings ledger, records and world together: at start after whatever ended the last agent, and every minute against whatever
 * changed the world behind its back.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { finishDelete } from '../actions/delete.ts';
import { layersInUse } from '../actions/host.ts';
import type { Runner } from '../actions/runner.ts';
import type { Core } from '../core.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { applyNetwork, converge } from './converge.ts';
import { noteExit } from './exit-word.ts';
import { handleExit, startWhenDue } from './exits.ts';
import {
  collectGarbage,
  deleteDiscarded,
  discardAbandoned,
  discardPrepared,
  expireSnapshots,
  expireTransfers,
} from './garbage.ts';
import { inLanes } from './lanes.ts';
import { payAllOwed } from './owed.ts';
import { panelsWord, rememberPanel } from './panel-word.ts';
import { dueInMs } from './restarts.ts';
import { startInTurn } from './start-queue.ts';

const intervalMs = 60_000;
const keepLedgerMs = 30 * 24 * 3600_000;

/** The kernel's name for this boot of the host. */
export function hostBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/**
 * To be run before the first order is taken: undoes what was not committed, resumes what was, removes what nothing names.
 * Containers that are to run are started in the background, so that the agent answers soon.
 */
export async function reconcileAtStart(core: Core, runner: Runner): Promise<void> {
  const { store, adapters } = core;
  for (const error of await adapters.volumes.recover(mountedVolumes(core)))
    core.log.error({ err: error }, 'of a volume or snapshot something is left; tried again when it is used');
  await core.opened
    .closeAll()
    .catch((error: unknown) => core.log.warn({ err: error }, 'a backup that somebody looked into is still mounted'));
  const interrupted = store.ledger.markInterrupted();
  if (interrupted > 0) core.log.warn({ interrupted }, 'actions were cut off before they took effect');
  await discardPrepared(core, 'any').catch((error: unknown) => core.log.error({ err: error }, 'leftovers of actions'));
  await deleteDiscarded(core);
  await collectGarbage(core, true);
  await adapters.layers
    .unmountExcept(layersInUse(core))
    .catch((error: unknown) => core.log.warn({ err: error }, 'a layer that nothing names is still held'));
  await noteHostBoot(core);
  await adapters.runtime.prepareHost();
  await adapters.network.ensureHost();
  await applyNetwork(core);
  const resumed = runner.resume();
  if (resumed.length > 0) core.log.warn({ resumed: resumed.length }, 'finishing actions that had taken effect');
  adapters.runtime.onExit((containerId) => {
    handleExit(core, containerId).catch((error: unknown) =>
      core.log.error({ err: error, containerId }, 'after an exit'),
    );
  });
}

/**
 * Once: everything each record asks for. Containers that an action holds are left to it. What is to be started is started
 * afterwards, in its order: see {@link startInTurn}.
 */
export async function reconcileContainers(core: Core): Promise<void> {
  const down: ContainerRecord[] = [];
  await inLanes(Math.max(4, availableParallelism() * 2), core.store.containers.list(), async ({ id }) => {
    const record = await settleOne(core, id);
    if (record !== null) down.push(record);
  });
  await startInTurn(core, down);
}

/** Brings one to what its record says, but does not start it; returns its record if it is to be started now. */
async function settleOne(core: Core, containerId: string): Promise<ContainerRecord | null> {
  let start: ContainerRecord | null = null;
  await attempt(core, containerId, () =>
    core.locks.tryRun(containerId, async () => {
      await discardAbandoned(core, containerId);
      await finishDelete(core, containerId);
      const record = core.store.containers.find(containerId);
      if (record?.state !== 'present' || settled(core, record)) return;
      const owed = record.bootsWanted > record.bootsDone;
      const running = core.adapters.runtime.state(containerId).running;
      if (record.desired === 'stopped' || (owed && running)) return converge(core, containerId);
      if (!owed) noteExit(core, containerId);
      const noted = core.store.containers.find(containerId) ?? record;
      if (owed || dueInMs(noted, core.config.restarts, Date.now()) === 0) start = noted;
      else await startWhenDue(core, containerId);
    }),
  );
  return start;
}

async function attempt(core: Core, containerId: string, body: () => Promise<unknown>): Promise<void> {
  try {
    await body();
  } catch (error) {
    core.log.error({ err: error, containerId }, 'the container does not come to what its record says; tried again');
  }
}

/** True when a look at memory says there is nothing to do. */
function settled(core: Core, record: { id: string; desired: string; bootsWanted: number; bootsDone: number }): boolean {
  const { running } = core.adapters.runtime.state(record.id);
  if (record.desired === 'running') return running && record.bootsWanted <= record.bootsDone;
  if (running || core.adapters.runtime.listRuns().includes(record.id)) return false;
  return core.loans.has(record.id) || !isMounted(core, record.id);
}

/** Anything of it: what was taken away in part leaves a volume without its root. */
function isMounted({ adapters, store }: Core, containerId: string): boolean {
  if (adapters.roots.listMounted().includes(containerId)) return true;
  const mounted = new Set(adapters.volumes.listMounted());
  return store.volumes.ofContainer(containerId).some(({ id }) => mounted.has(id));
}

/** A firewall that is loaded anew takes every table of the host away, ours too; a resolver may be killed for its memory. */
async function restoreNetwork(core: Core): Promise<void> {
  if (await core.adapters.network.stands()) return;
  core.log.warn('something of the network was gone; it is made again');
  await core.adapters.network.ensureHost();
  await applyNetwork(core);
}

/** One pass: containers as their records say, and nothing else on the host. */
export async function reconcileOnce(core: Core): Promise<void> {
  rememberPanel(core);
  payAllOwed(core);
  await restoreNetwork(core).catch((error: unknown) =>
    core.log.error({ err: error }, 'the network does not come back'),
  );
  await reconcileContainers(core);
  await collectGarbage(core, false);
  await deleteDiscarded(core);
  await expireSnapshots(core);
  expireTransfers(core);
}

/** Repeats until the signal fires; each pass ends before the next begins. */
export async function reconcileForever(core: Core, signal: AbortSignal): Promise<void> {
  await panelsWord(core, signal);
  while (!signal.aborted) {
    try {
      await reconcileOnce(core);
      core.store.ledger.prune(new Date(Date.now() - keepLedgerMs));
    } catch (error) {
      core.log.error({ err: error }, 'reconcile');
    }
    await sleep(intervalMs, signal);
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}

function mountedVolumes(core: Core): Set<string> {
  const { runtime } = core.adapters;
  const running = core.store.containers.list().filter((record) => runtime.state(record.id).running);
  return new Set(running.flatMap((one) => [one.volumeId, one.old?.volumeId ?? [], one.repair?.volumeId ?? []].flat()));
}

/** After a boot of the host every run that was on ended with it. */
async function noteHostBoot(core: Core): Promise<void> {
  const { store, adapters } = core;
  const now = hostBootId();
  const before = store.setting('host-boot-id');
  if (before === now) return;
  if (before !== undefined) {
    for (const record of store.containers.list()) {
      if (record.state !== 'present' || adapters.runtime.state(record.id).running) continue;
      await attempt(core, record.id, async () => {
        if (record.desired === 'running') noteExit(core, record.id, 'host');
        await adapters.runtime.cleanUp(record.id, 'run');
      });
    }
  }
  store.write('STORE:HOST-BOOT', () => store.setSetting('host-boot-id', now));
}
