import { BerthError } from '#lib/contract/errors.ts';
import { applyNetwork, mountRoot } from '../reconcile/converge.ts';
import { dismantle } from '../reconcile/garbage.ts';
import { applyAccess } from './access.ts';
import { depotOf } from './backup.ts';
import { defineAction, fetchLayers, requireLayers } from './definition.ts';
import { placeIsTaken, reserved, reservePlace } from './place.ts';

/**
 * prepare: layers fetched if told where from; id range, address and pool share reserved; volume made; host name, keys and password set in it · commit: the
 * container is present, the volume its own · finish: network rules know it
 */
export const create = defineAction<'container.create', undefined, { address: string; idBase: number }>({
  verb: 'container.create',
  async prepare({ core, containerId, actionId, args, progress }, secrets) {
    const { store, adapters } = core;
    if (store.containers.find(containerId) !== undefined) {
      throw new BerthError('conflict', 'The server has this container already.');
    }
    const wanted = args.template.layers;
    if (args.layersFrom !== undefined)
      await fetchLayers(core, depotOf(core, args.layersFrom, secrets), wanted, progress);
    requireLayers(core, wanted);
    progress('Reserving storage and an address', null);
    reservePlace(core, { containerId, actionId, args, addressOf: (taken) => adapters.network.allocate(taken) });
    progress('Making the file system', null);
    const { diskBytes, inodes } = args.resources;
    await adapters.volumes.create(args.volumeId, { bytes: diskBytes, inodes });
    const record = reserved(core, containerId);
    const root = await mountRoot(core, record);
    progress('Setting host name and access', null);
    const { rootPassword } = secrets;
    await applyAccess(core, { record, root }, { hostname: args.hostname, sshKeys: args.sshKeys, rootPassword });
    await dismantle(core, containerId);
    await adapters.volumes.unmount(args.volumeId);
  },
  commit({ core, containerId, args }) {
    return placeIsTaken(core, containerId, args.volumeId);
  },
  async finish({ core }, committed) {
    await applyNetwork(core);
    return committed;
  },
});
