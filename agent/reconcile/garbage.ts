/**
 * Everything in the world that the database does not name is garbage. Lists of the world are taken before names are read, so
 * that what an action has just written down and made is never mistaken for a leftover.
 */
import { uploadLock } from '../actions/backup.ts';
import type { Core } from '../core.ts';

type Prepared = { state: string; ownerAction: string | null };

/** Removes what an unfinished action made and nothing refers to: its preparing container, volumes and snapshots. */
export async function discardPrepared(core: Core, actionId: string | 'any'): Promise<void> {
  await discard(core, (row) => actionId === 'any' || row.ownerAction === actionId);
}

/**
 * Removes what actions on a container prepared that are over: they failed, and then failed to clear up after themselves.
 * Also roots kept under the id of a volume, which an action makes and removes within its time. The caller holds the
 * container's lock, so nobody is preparing anything.
 */
export async function discardAbandoned(core: Core, containerId: string): Promise<void> {
  const { store, adapters } = core;
  const known = new Set([...adapters.roots.listMounted(), ...adapters.runtime.listKnown()]);
  for (const volume of store.volumes.ofContainer(containerId)) {
    if (known.has(volume.id)) await dismantle(core, volume.id);
  }
  await discard(core, (row) => row.containerId === containerId && !store.ledger.runs(row.ownerAction ?? ''));
}

async function discard(core: Core, which: (row: Prepared & { containerId: string }) => boolean): Promise<void> {
  const mine = (row: Prepared & { id: string; containerId?: string }) =>
    row.state === 'preparing' && which({ ...row, containerId: row.containerId ?? row.id });
  const { store, adapters } = core;
  for (const snapshot of store.volumes.listSnapshots().filter(mine)) {
    await adapters.volumes.deleteSnapshot(snapshot.id);
    store.write('STORE:DISCARD', () => store.volumes.removeSnapshot(snapshot.id));
  }
  for (const one of store.transfers.list()) {
    if (one.containerId === null || !mine({ ...one, containerId: one.containerId })) continue;
    adapters.transfers.remove(one.id);
    store.write('STORE:DISCARD', () => store.transfers.remove(one.id));
  }
  for (const record of store.containers.list().filter(mine)) {
    await dismantle(core, record.id);
  }
  for (const volume of store.volumes.list().filter(mine)) {
    await dismantle(core, volume.id);
    await adapters.volumes.unmount(volume.id);
    await adapters.volumes.delete(volume.id);
    store.write('STORE:DISCARD', () => store.volumes.remove(volume.id));
  }
  const containers = store.containers.list().filter(mine);
  if (containers.length > 0) {
    store.write('STORE:DISCARD', () => {
      for (const record of containers) store.containers.remove(record.id);
    });
  }
}

/** A snapshot that nobody keeps serves one backup, which is long over, or given up and made anew under other names. */
const snapshotLifeMs = 24 * 3600_000;

/** Removes snapshots that whoever ordered them has not: a backup's last step may fail for good. One being uploaded waits. */
export async function expireSnapshots(
  core: Pick<Core, 'store' | 'adapters' | 'locks' | 'log'>,
  now = new Date(),
): Promise<void> {
  const { store, adapters } = core;
  const expired = store.volumes
    .listSnapshots()
    .filter((one) => one.state === 'present' && !one.kept && now.getTime() - one.createdAt.getTime() > snapshotLifeMs);
  for (const { id, containerId } of expired) {
    await core.locks.tryRun(uploadLock(containerId), async () => {
      core.log.warn({ snapshotId: id, containerId }, 'removing a snapshot that nobody has removed');
      store.write('STORE:DISCARD', () => store.volumes.removeSnapshot(id));
      await adapters.volumes.deleteSnapshot(id);
    });
  }
}

/** Removes archives whose time is over. One being unpacked stays readable to whoever has it open. */
export function expireTransfers(core: Pick<Core, 'store' | 'adapters'>, now = new Date()): void {
  const { store, adapters } = core;
  for (const { id, state, expiresAt } of store.transfers.list()) {
    if (state !== 'present' || expiresAt > now) continue;
    store.write('STORE:DISCARD', () => store.transfers.remove(id));
    adapters.transfers.remove(id);
  }
}

/** Removes runtime state and roots kept under an id: a container's, or a volume's that was prepared under its own name. */
export async function dismantle(core: Core, id: string): Promise<void> {
  const { runtime, roots, network } = core.adapters;
  if (runtime.state(id).running) {
    await runtime.kill(id);
    await runtime.waitStopped(id, 15_000);
  }
  if (runtime.listKnown().includes(id)) await runtime.cleanUp(id);
  await network.detach(id);
  await core.adapters.files.close(id);
  await roots.unmount(id);
}

/** Each is done, also when one before it fails; what has failed is tried once more. */
export async function clearUp(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failed = async () => {
    const errors: unknown[] = [];
    for (const step of steps) await step().catch((error: unknown) => errors.push(error));
    return errors;
  };
  if ((await failed()).length === 0) return;
  const [error] = await failed();
  if (error !== undefined) throw error;
}

/** Deletes volumes put aside for deletion; one that is still held (shown at a running container's /old) waits. */
export async function deleteDiscarded(core: Core, containerId?: string): Promise<void> {
  const { store, adapters } = core;
  for (const volume of store.volumes.list()) {
    if (volume.state !== 'discarded' || (containerId !== undefined && volume.containerId !== containerId)) continue;
    try {
      await adapters.volumes.unmount(volume.id);
      await adapters.volumes.delete(volume.id);
    } catch (error) {
      core.log.info({ err: error, volumeId: volume.id }, 'volume is still held; deleted later');
      continue;
    }
    store.write('STORE:DISCARD', () => store.volumes.remove(volume.id));
  }
}

/**
 * Removes what nothing names. `starting` (no action runs yet): also what was prepared under a volume's id, for whoever did
 * that is dead.
 */
export async function collectGarbage(core: Core, starting: boolean): Promise<void> {
  const { adapters, store } = core;
  const world = {
    volumes: adapters.volumes.listVolumes(),
    snapshots: adapters.volumes.listSnapshots(),
    running: adapters.runtime.listKnown(),
    roots: adapters.roots.listMounted(),
    transfers: adapters.transfers.list(),
  };
  const containers = new Set(store.containers.list().map((record) => record.id));
  const volumes = new Set(store.volumes.list().map((volume) => volume.id));
  const snapshots = new Set(store.volumes.listSnapshots().map((snapshot) => snapshot.id));
  // An action keeps what it looks into under the name of a volume or snapshot.
  const known = (id: string) => containers.has(id) || (!starting && (volumes.has(id) || snapshots.has(id)));
  const transfers = new Set(store.transfers.list().map((one) => one.id));

  for (const id of new Set([...world.running, ...world.roots])) {
    if (!known(id)) await attempt(core, 'runtime', id, () => dismantle(core, id));
  }
  for (const id of world.volumes.filter((volume) => !volumes.has(volume))) {
    await attempt(core, 'volume', id, async () => {
      await adapters.volumes.unmount(id);
      await adapters.volumes.delete(id);
    });
  }
  for (const id of world.transfers.filter((transfer) => !transfers.has(transfer))) {
    await attempt(core, 'archive', id, async () => adapters.transfers.remove(id));
  }
  for (const id of world.snapshots.filter((snapshot) => !snapshots.has(snapshot))) {
    await attempt(core, 'snapshot', id, () => adapters.volumes.deleteSnapshot(id));
  }
}

/** One leftover that resists must not keep the others, or the agent's start, from going on. */
async function attempt(core: Core, kind: string, id: string, body: () => Promise<void>): Promise<void> {
  core.log.warn({ kind, id }, 'removing what nothing names');
  try {
    await body();
  } catch (error) {
    core.log.error({ err: error, kind, id }, 'could not be removed; tried again later');
  }
}
