import { BerthError } from '#lib/contract/errors.ts';
import { applyNetwork, mountRoot } from '../reconcile/converge.ts';
import { dismantle } from '../reconcile/garbage.ts';
import { applyAccess } from './access.ts';
import { capacity, defineAction, fetchLayers, requireLayers } from './definition.ts';

/**
 * prepare: layers fetched if told where from; id range, address and pool share reserved; volume made; host name, keys and password set in it · commit: the
 * container is present, the volume its own · finish: network rules know it
 */
export const create = defineAction<'container.create', undefined, { address: string; idBase: number }>({
  verb: 'container.create',
  async prepare({ core, containerId, actionId, args, progress }, secrets) {
    const { store, adapters, config } = core;
    if (store.containers.find(containerId) !== undefined) {
      throw new BerthError('conflict', 'The server has this container already.');
    }
    const wanted = args.template.layers;
    if (args.layersFrom !== undefined) await fetchLayers(core, args.layersFrom, wanted, progress);
    requireLayers(core, wanted);
    const room = capacity(core);
    const { diskBytes, inodes } = args.resources;
    progress('Reserving storage and an address', null);
    store.write('STORE:RESERVE', () => {
      const idBase = store.containers.freeIdBase(config.idBase);
      const address = adapters.network.allocate(store.containers.takenAddresses());
      const { tenantId, name, hostname, volumeId, template, resources, restartPolicy, startPriority } = args;
      const identity = { id: containerId, tenantId, name, hostname, idBase, address };
      const startup = { restartPolicy, startPriority };
      store.containers.insertPreparing({
        ...identity,
        ...startup,
        volumeId,
        template,
        resources,
        ownerAction: actionId,
      });
      const size = { bytes: diskBytes, inodes };
      store.volumes.insertPreparing(
        { id: volumeId, containerId, ownerAction: actionId, layers: template.layers, ...size },
        room,
      );
    });
    progress('Making the file system', null);
    await adapters.volumes.create(args.volumeId, { bytes: diskBytes, inodes });
    const record = store.containers.find(containerId);
    if (record === undefined) throw new Error('the row just written is gone');
    const root = await mountRoot(core, record);
    progress('Setting host name and access', null);
    const { rootPassword } = secrets;
    await applyAccess(core, { record, root }, { hostname: args.hostname, sshKeys: args.sshKeys, rootPassword });
    await dismantle(core, containerId);
    await adapters.volumes.unmount(args.volumeId);
  },
  commit({ core, containerId, args }) {
    core.store.containers.markPresent(containerId);
    core.store.volumes.setState(args.volumeId, 'current');
    const record = core.store.containers.find(containerId);
    if (record === undefined) throw new Error('the prepared container is gone');
    return { address: record.address, idBase: record.idBase };
  },
  async finish({ core }, committed) {
    await applyNetwork(core);
    return committed;
  },
});
