import { BerthError } from '#lib/contract/errors.ts';
import { applyNetwork } from '../reconcile/converge.ts';
import { startWhenDue } from '../reconcile/exits.ts';
import { capacity, defineAction, present } from './definition.ts';

/**
 * commit: limits, quota and how it comes back in the records, the pool's promise with them · finish: control group live, volume
 * grown if it can be, a start that is no longer wanted called off
 */
export const configure = defineAction<'container.configure', undefined, { inodesChanged: boolean }>({
  verb: 'container.configure',
  commit({ core, containerId, args }) {
    const record = present(core, containerId);
    core.store.containers.setStartup(containerId, args);
    const { diskBytes, inodes } = args.resources ?? record.resources;
    const diskChanged = diskBytes !== record.resources.diskBytes;
    const inodesChanged = inodes !== record.resources.inodes;
    if (args.resources !== undefined) core.store.containers.setResources(containerId, args.resources);
    if (diskChanged || inodesChanged) {
      core.store.volumes.setQuota(record.volumeId, diskBytes, inodes, () => capacity(core));
    }
    return { inodesChanged };
  },
  async finish({ core, containerId, args }, { inodesChanged }) {
    if (args.restartPolicy !== undefined) await startWhenDue(core, containerId);
    const pending = inodesChanged ? ['inodes'] : []; // ext4 fixes their number when it is made: from the next reinstall or restore
    if (args.resources === undefined) return { pending };
    const { store, adapters } = core;
    const record = present(core, containerId);
    if (adapters.runtime.state(containerId).running) {
      await adapters.runtime.applyResources(containerId, record.resources);
    }
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

/** commit: whose it is, in the records · finish: consoles of the one before ended, rules of the network by the new one */
export const handOver = defineAction<'container.handover'>({
  verb: 'container.handover',
  commit({ core, containerId, args }) {
    present(core, containerId);
    core.store.containers.setTenant(containerId, args);
    return {};
  },
  async finish({ core, containerId }) {
    await core.adapters.runtime.closeConsoles(containerId);
    await applyNetwork(core);
    return {};
  },
});
