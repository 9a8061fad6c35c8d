import type { Core } from '../core.ts';
import { applyNetwork, bringDown } from '../reconcile/converge.ts';
import { dismantle } from '../reconcile/garbage.ts';
import { uploadLock } from './backup.ts';
import { defineAction } from './definition.ts';

/**
 * commit: the container is being deleted, for good, also one whose creation failed and could not clear up after itself; its address
 * is kept if that was asked for ·
 * finish: everything of it goes, its rows last
 */
export const remove = defineAction<'container.delete'>({
  verb: 'container.delete',
  emergency: true,
  commit({ core, containerId, args }) {
    const { containers } = core.store;
    const record = containers.find(containerId);
    const until = args.keepAddressUntil;
    if (until === undefined) containers.forgetAddress(containerId);
    else if (record !== undefined) containers.keepAddress(containerId, record.address, new Date(until));
    if (record !== undefined) containers.markDeleting(containerId);
    return {};
  },
  async finish({ core, containerId, progress }) {
    progress('Removing the container', null);
    await finishDelete(core, containerId);
    return {};
  },
});

/** Also reconcile's, for a deletion that a crash cut off. The caller holds the container's lock. */
export async function finishDelete(core: Core, containerId: string): Promise<void> {
  const { store, adapters } = core;
  const record = store.containers.find(containerId);
  if (record?.state !== 'deleting') return;
  core.alarms.clear(containerId);
  await bringDown(core, containerId, { timeoutMs: 0 });
  await dismantle(core, containerId); // what a stopped container keeps: its log, and how it ended
  const uploads = uploadLock(containerId);
  core.locks.cancel(uploads, 'The container was deleted.');
  await core.locks.run(uploads, { cancellable: false }, () => adapters.volumes.unmountSnapshot(containerId));
  const snapshots = store.volumes.listSnapshots().filter((snapshot) => snapshot.containerId === containerId);
  const volumes = store.volumes.ofContainer(containerId);
  for (const snapshot of snapshots) await adapters.volumes.deleteSnapshot(snapshot.id);
  for (const volume of volumes) {
    await dismantle(core, volume.id);
    await adapters.volumes.unmount(volume.id);
    await adapters.volumes.delete(volume.id);
  }
  const exports = store.transfers.list().filter((one) => one.containerId === containerId);
  for (const { id } of exports) adapters.transfers.remove(id);
  store.write('STORE:DELETED', () => {
    for (const { id } of exports) store.transfers.remove(id);
    for (const snapshot of snapshots) store.volumes.removeSnapshot(snapshot.id);
    for (const volume of volumes) store.volumes.remove(volume.id);
    store.containers.remove(containerId);
  });
  await applyNetwork(core);
}
