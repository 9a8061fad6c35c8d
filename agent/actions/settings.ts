import { BerthError } from '#lib/contract/errors.ts';
import { applyNetwork } from '../reconcile/converge.ts';
import { capacity, defineAction, present } from './definition.ts';

/** commit: limits and quota in the records, the pool's promise with them · finish: control group live, volume grown if it can be */
export const configure = defineAction<'container.configure', undefined, { inodesChanged: boolean }>({
  verb: 'container.configure',
  commit({ core, containerId, args: { resources } }) {
    const record = present(core, containerId);
    const { diskBytes, inodes } = resources;
    const diskChanged = diskBytes !== record.resources.diskBytes;
    const inodesChanged = inodes !== record.resources.inodes;
    core.store.containers.setResources(containerId, resources);
    if (diskChanged || inodesChanged) core.store.volumes.setQuota(record.volumeId, diskBytes, inodes, capacity(core));
    return { inodesChanged };
  },
  async finish({ core, containerId }, { inodesChanged }) {
    const { store, adapters } = core;
    const record = present(core, containerId);
    if (adapters.runtime.state(containerId).running) {
      await adapters.runtime.applyResources(containerId, record.resources);
    }
    // ext4 fixes the number of inodes when it is made: a new number holds from the next reinstall or restore.
    const pending = inodesChanged ? ['inodes'] : [];
    const volume = store.volumes.find(record.volumeId);
    if (volume !== undefined && volume.appliedBytes !== volume.quotaBytes) {
      if (await adapters.volumes.resize(volume.id, { bytes: volume.quotaBytes })) {
        store.write('STORE:RESIZED', () => store.volumes.setApplied(volume.id, volume.quotaBytes));
      } else pending.push('diskBytes');
    }
    return { pending };
  },
});

export const forwards = defineAction<'container.forwards'>({
  verb: 'container.forwards',
  commit({ core, containerId, args }) {
    present(core, containerId);
    const { first, last } = core.config.forwardPorts;
    for (const { hostPort } of args.forwards) {
      if (hostPort < first || hostPort > last) {
        throw new BerthError('invalid', `Ports of the server that can be forwarded are ${first} to ${last}.`);
      }
    }
    core.store.forwards.replace(containerId, args.forwards);
    return {};
  },
  async finish({ core }) {
    await applyNetwork(core);
    return {};
  },
});
