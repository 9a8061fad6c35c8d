import { BerthError } from '#lib/contract/errors.ts';
import type { Repository } from '../adapters.ts';
import type { Core } from '../core.ts';
import { deleteDiscarded } from '../reconcile/garbage.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { repositoryKey, repositoryOf } from './backup.ts';
import { type ActionContext, capacity, defineAction, fetchLayers, present, requireLayers } from './definition.ts';

type NewVolume = { id: string; actionId: string; layers: readonly string[] };

/** Writes down a volume of the container's quota that is about to be made; returns that quota. */
function reserveVolume(core: Core, record: ContainerRecord, volume: NewVolume): { bytes: number; inodes: number } {
  const { diskBytes: bytes, inodes } = record.resources;
  const room = capacity(core);
  core.store.write('STORE:RESERVE', () =>
    core.store.volumes.insertPreparing(
      { id: volume.id, containerId: record.id, ownerAction: volume.actionId, bytes, inodes, layers: volume.layers },
      room,
    ),
  );
  return { bytes, inodes };
}

async function prepareVolume(core: Core, record: ContainerRecord, volume: NewVolume): Promise<void> {
  await core.adapters.volumes.create(volume.id, reserveVolume(core, record, volume));
}

/** prepare: a volume of the container's quota · commit: it is spare */
export const createVolume = defineAction<'volume.create'>({
  verb: 'volume.create',
  cancellable: true,
  async prepare({ core, containerId, actionId, args }) {
    await prepareVolume(core, present(core, containerId), { id: args.volumeId, actionId, layers: [] });
    return undefined;
  },
  commit({ core, args }) {
    core.store.volumes.setState(args.volumeId, 'spare');
    return {};
  },
  finish: async () => ({}),
});

/** Puts what a backup holds into a volume, and leaves it unmounted. */
export async function fillFromBackup(
  { core, repositories, args, progress, signal }: ActionContext<'volume.restore'> | ActionContext<'container.recreate'>,
  repository: Repository,
): Promise<{ files: number; bytes: number }> {
  const { backups, volumes } = core.adapters;
  const target = await volumes.mount(args.volumeId);
  try {
    return await repositories.shared(repositoryKey(repository), async () => {
      await backups.ensureRepository(repository);
      return backups.restore(repository, args.resticSnapshotId, target, progress, signal);
    });
  } finally {
    await volumes.unmount(args.volumeId);
  }
}

/** prepare: layers fetched, a volume filled from the backup · commit: it is spare, with the layers it needs */
export const restoreVolume = defineAction<
  'volume.restore',
  { files: number; bytes: number },
  { files: number; bytes: number }
>({
  verb: 'volume.restore',
  cancellable: true,
  async prepare(context, secrets) {
    const { core, containerId, actionId, args, progress } = context;
    const record = present(core, containerId);
    const repository = repositoryOf(core, args.repository, secrets);
    await prepareVolume(core, record, { id: args.volumeId, actionId, layers: args.layers });
    await fetchLayers(core, repository, args.layers, progress);
    return await fillFromBackup(context, repository);
  },
  commit({ core, args }, restored) {
    core.store.volumes.setState(args.volumeId, 'spare');
    return { files: restored.files, bytes: restored.bytes };
  },
  finish: async (_context, restored) => restored,
});

/** prepare: a volume made of the snapshot · commit: it is spare, with the layers its files were written over */
export const copyVolume = defineAction<'volume.copy', { sizeBytes: number; bytes: number }, { bytes: number }>({
  verb: 'volume.copy',
  async prepare({ core, containerId, actionId, args, progress }) {
    const { store, adapters } = core;
    const record = present(core, containerId);
    const snapshot = store.volumes.findSnapshot(args.snapshotId);
    if (snapshot?.containerId !== containerId || snapshot.state !== 'present') {
      throw new BerthError('not_found', 'The container has no such snapshot.');
    }
    requireLayers(core, snapshot.template.layers);
    const size = reserveVolume(core, record, { id: args.volumeId, actionId, layers: snapshot.template.layers });
    progress('Copying the snapshot', null);
    const { sizeBytes } = await adapters.volumes.createFrom(args.volumeId, args.snapshotId, size);
    return { sizeBytes, bytes: adapters.volumes.allocatedBytes(args.volumeId) };
  },
  commit({ core, args }, { sizeBytes, bytes }) {
    core.store.volumes.setState(args.volumeId, 'spare');
    core.store.volumes.setApplied(args.volumeId, sizeBytes);
    return { bytes };
  },
  finish: async (_context, copied) => copied,
});

/** commit: nothing refers to the volume any more · finish: it goes, at the latest when the container that shows it at /old stops */
export const deleteVolume = defineAction<'volume.delete'>({
  verb: 'volume.delete',
  commit({ core, containerId, args }) {
    const volume = core.store.volumes.find(args.volumeId);
    if (volume === undefined) return {};
    if (volume.containerId !== containerId) throw new BerthError('not_found', 'The container has no such volume.');
    const inUse = core.store.containers.find(containerId)?.repair?.volumeId === volume.id;
    if (volume.state === 'current' || inUse) throw new BerthError('state', 'The container is using this volume.');
    core.store.volumes.setState(args.volumeId, 'discarded');
    core.store.containers.forgetOld(args.volumeId);
    return {};
  },
  async finish({ core, containerId }) {
    const { runtime, roots } = core.adapters;
    if (!runtime.state(containerId).running) await roots.unmount(containerId);
    await deleteDiscarded(core, containerId);
    return {};
  },
});
