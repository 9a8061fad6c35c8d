/**
 * Makes the world equal to a container's record: layers, volume, root, /old, interface, init. Called after every commit and
 * by reconcile; repeating it is harmless, and so is repeating it after a crash anywhere within. The caller holds the
 * container's lock.
 *
 * Up:   layers mounted → volume grown and mounted → root (and /old) mounted → boot recorded → init started. In repair the root is
 *       the rescue system's, and the container's own is mounted for its /repair.
 * Down: init stopped → runtime state removed → interface removed → roots, volumes unmounted. Layers stay for the neighbours.
 */
import { randomUUID } from 'node:crypto';
import { BerthError } from '#lib/contract/errors.ts';
import type { ContainerPlan, Progress } from '../adapters.ts';
import type { Core } from '../core.ts';
import type { ContainerRecord, Repair } from '../store/containers.ts';
import { noteExit } from './exit-word.ts';
import { deleteDiscarded } from './garbage.ts';

/** How init is asked and how long it is waited for before it is killed. */
export type StopManner = { timeoutMs: number; progress?: Progress };
export type StopOutcome = 'already' | 'clean' | 'killed';

/** For containers that run although they should not, found by reconcile. */
const unaskedStopMs = 10_000;
/** After SIGKILL the kernel needs to take memory and mounts apart; longer means the process hangs in the kernel. */
const killWaitMs = 15_000;

export async function converge(
  core: Core,
  containerId: string,
  stop: StopManner = { timeoutMs: unaskedStopMs },
): Promise<void> {
  const record = core.store.containers.find(containerId);
  if (record?.state !== 'present' || record.desired === 'stopped') await bringDown(core, containerId, stop);
  else await bringUp(core, record, stop);
}

/** Starts what the record says unless it runs already; a boot that is owed stops it first. */
async function bringUp(core: Core, record: ContainerRecord, stop: StopManner): Promise<void> {
  const { runtime, network } = core.adapters;
  const owed = record.bootsWanted > record.bootsDone;
  if (runtime.state(record.id).running) {
    if (!owed) return;
    await bringDown(core, record.id, stop);
  }
  core.phases.set(record.id, 'starting');
  try {
    noteExit(core, record.id);
    if (runtime.listRuns().includes(record.id)) await runtime.cleanUp(record.id, 'run');
    const plan = record.repair === null ? await mountOwn(core, record) : await mountRescue(core, record, record.repair);
    core.store.write('STORE:BOOT', () => core.store.containers.beginBoot(record.id, randomUUID()));
    await runtime.start(plan);
  } catch (error) {
    await network.detach(record.id).catch((cause) => core.log.warn({ err: cause, containerId: record.id }, 'detach'));
    throw error;
  } finally {
    core.phases.delete(record.id);
  }
}

async function mountOwn(core: Core, record: ContainerRecord): Promise<ContainerPlan> {
  const root = await mountRoot(core, record);
  return planOf(core, record, root, await mountOld(core, record));
}

async function mountRescue(core: Core, record: ContainerRecord, repair: Repair): Promise<ContainerPlan> {
  const { roots, volumes } = core.adapters;
  const layers = await mountLayers(core, record.template.layers);
  const { id: containerId, idBase } = record;
  const path = await mountOwnForRepair(core, record, repair);
  const root = await roots.mount({ containerId, idBase, layers, volume: await volumes.mount(repair.volumeId) });
  return { ...planOf(core, record, root, null), repair: { path, readOnly: repair.readOnly } };
}

/** The container's own files, for its rescue system and for whoever looks at them beside it. */
export async function mountOwnForRepair(core: Core, record: ContainerRecord, repair: Repair): Promise<string> {
  const { id: containerId, idBase } = record;
  const layers = await mountLayers(core, record.template.layers);
  const own = { containerId, idBase, layers, volume: await mountVolume(core, record.volumeId) };
  return await core.adapters.roots.mountRepair(own, { readOnly: repair.readOnly });
}

export function planOf(core: Core, record: ContainerRecord, root: string, old: string | null): ContainerPlan {
  const forwards = core.store.forwards.byContainer().get(record.id) ?? [];
  return {
    containerId: record.id,
    hostname: record.hostname,
    idBase: record.idBase,
    root,
    old,
    init: record.template.init,
    resources: record.resources,
    network: core.adapters.network.hook({
      containerId: record.id,
      tenantId: record.tenantId,
      address: record.address,
      forwards,
    }),
  };
}

/** In the order given. */
export async function mountLayers(core: Core, layers: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const digest of layers) paths.push(await core.adapters.layers.mount(digest));
  return paths;
}

/** Mounts the container's own root; applies a disk size that had to wait. */
export async function mountRoot(core: Core, record: ContainerRecord): Promise<string> {
  const layers = await mountLayers(core, record.template.layers);
  const volume = await mountVolume(core, record.volumeId);
  return core.adapters.roots.mount({ containerId: record.id, idBase: record.idBase, layers, volume });
}

async function mountVolume(core: Core, volumeId: string): Promise<string> {
  const { store, adapters } = core;
  const row = store.volumes.find(volumeId);
  if (row !== undefined && row.appliedBytes !== row.quotaBytes) {
    // A size that cannot be given now (more lies on the disk, no room for the copy) is no reason to keep the container down.
    const resized = await adapters.volumes.resize(volumeId, { bytes: row.quotaBytes }).catch((error: unknown) => {
      core.log.warn({ err: error, volumeId }, 'the disk keeps its size for now; tried again at the next start');
      return false;
    });
    if (resized) store.write('STORE:RESIZED', () => store.volumes.setApplied(volumeId, row.quotaBytes));
  }
  return adapters.volumes.mount(volumeId);
}

/** The previous system, read-only, for /old. */
async function mountOld(core: Core, record: ContainerRecord): Promise<string | null> {
  if (record.old === null) return null;
  return core.adapters.roots.mountReadOnly(
    {
      containerId: record.id,
      idBase: record.idBase,
      layers: await mountLayers(core, record.old.template.layers),
      volume: await core.adapters.volumes.mount(record.old.volumeId),
    },
    'old',
  );
}

/** Stops init if it runs, then removes everything the container had in the kernel. */
export async function bringDown(core: Core, containerId: string, stop: StopManner): Promise<StopOutcome> {
  const { runtime, network, roots } = core.adapters;
  const record = core.store.containers.find(containerId);
  let outcome: StopOutcome = 'already';
  if (runtime.state(containerId).running) {
    core.phases.set(containerId, 'stopping');
    try {
      outcome = await stopInit(core, containerId, record, stop);
    } finally {
      core.phases.delete(containerId);
    }
  }
  noteExit(core, containerId, outcome === 'clean' ? 'stopped' : outcome === 'killed' ? 'killed' : undefined);
  if (runtime.listRuns().includes(containerId)) await runtime.cleanUp(containerId, 'run');
  await network.detach(containerId);
  await core.adapters.files.close(containerId); // whoever looks into the root would hold it
  await roots.unmount(containerId);
  const volumes = core.store.volumes.ofContainer(containerId);
  // Roots under a volume's id are left by an action that failed while it prepared that volume; they hold several volumes.
  for (const id of roots.listMounted()) if (volumes.some((volume) => volume.id === id)) await roots.unmount(id);
  for (const { id } of volumes) await core.adapters.volumes.unmount(id);
  await deleteDiscarded(core, containerId);
  return outcome;
}

async function stopInit(
  core: Core,
  containerId: string,
  record: ContainerRecord | undefined,
  stop: StopManner,
): Promise<StopOutcome> {
  const { runtime } = core.adapters;
  let outcome: StopOutcome = 'killed';
  if (record !== undefined && stop.timeoutMs > 0) {
    await runtime.askToStop(containerId, record.template.init);
    if (await countDown(core, containerId, stop)) outcome = 'clean';
  }
  if (outcome === 'killed') {
    await runtime.kill(containerId);
    if (!(await runtime.waitStopped(containerId, killWaitMs))) {
      throw new BerthError('action_failed', 'The container does not end, even though it was killed.');
    }
  }
  return outcome;
}

/** Waits for init a second at a time, saying when the kill will come. */
async function countDown(core: Core, containerId: string, { timeoutMs, progress }: StopManner): Promise<boolean> {
  const deadline = new Date(Date.now() + timeoutMs); // for people; a clock that is set must not cut the time short
  const end = performance.now() + timeoutMs;
  for (;;) {
    const leftMs = end - performance.now();
    if (leftMs <= 0) return false;
    progress?.('Waiting for the system to shut down', null, deadline);
    if (await core.adapters.runtime.waitStopped(containerId, Math.min(1000, leftMs))) return true;
  }
}

/** Makes the rules and forwards those of all present containers. Calls are serialised; the last one sees everything. */
export function applyNetwork(core: Core): Promise<void> {
  return core.locks.run('network', { cancellable: false }, () => {
    const forwards = core.store.forwards.byContainer();
    const members = core.store.containers
      .list()
      .filter((record) => record.state === 'present')
      .map((record) => ({
        containerId: record.id,
        tenantId: record.tenantId,
        address: record.address,
        forwards: forwards.get(record.id) ?? [],
      }));
    return core.adapters.network.apply(members);
  });
}
