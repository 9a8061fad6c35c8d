import { BerthError } from '#lib/contract/errors.ts';
import { FilesRestored } from '#lib/contract/files.ts';
import type { Core } from '../core.ts';
import { bringDown, mountRoot } from '../reconcile/converge.ts';
import { dismantle } from '../reconcile/garbage.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { defineAction, present, refuseInRepair, requireLayers } from './definition.ts';

type Restored = { restored: number; same: number; left: number };

/** prepare: the files are put back; each is there as it was or as it is in the backup, and a repeat finds what is done */
export const restoreFiles = defineAction<'files.restore', Restored, Restored>({
  verb: 'files.restore',
  cancellable: true,
  async prepare({ core, containerId, args, progress, signal }) {
    const record = present(core, containerId);
    refuseInRepair(record);
    const volume = core.store.volumes.find(args.volumeId);
    if (volume?.containerId !== containerId || volume.state !== 'spare') {
      throw new BerthError('not_found', 'The container has no such volume.');
    }
    requireLayers(core, args.layers);
    const running = core.adapters.runtime.state(containerId).running;
    try {
      const view = await mountBackup(core, record, args.volumeId, args.layers);
      const tree = { containerId, idBase: record.idBase, root: await mountRoot(core, record), view };
      progress('Putting files back', null);
      const { answer, body } = await core.adapters.files.call(tree, { op: 'restore', order: args.order }, null, signal);
      await body.next(); // its end: everything is written
      return FilesRestored.parse(answer);
    } finally {
      await dismantle(core, args.volumeId);
      await core.adapters.volumes.unmount(args.volumeId);
      if (!running) await bringDown(core, containerId, { timeoutMs: 0 });
    }
  },
  commit: (_context, restored) => restored,
  finish: async (_context, restored) => restored,
});

/** The system of the backup, read-only, kept under the volume's id. */
async function mountBackup(core: Core, record: ContainerRecord, volumeId: string, digests: readonly string[]) {
  const layers: string[] = [];
  for (const digest of digests) layers.push(await core.adapters.layers.mount(digest));
  const volume = await core.adapters.volumes.mount(volumeId);
  return core.adapters.roots.mountReadOnly({ containerId: volumeId, idBase: record.idBase, layers, volume }, 'old');
}
