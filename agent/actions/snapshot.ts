import type { ActionResult } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { between } from './around.ts';
import { capacity, defineAction, present } from './definition.ts';

type Taken = ActionResult<'snapshot.create'>;

/** prepare: as much of the pool reserved as the copy may come to hold; the copy made, between two commands · commit: it is there */
export const createSnapshot = defineAction<'snapshot.create', Taken, Taken>({
  verb: 'snapshot.create',
  cancellable: true,
  async prepare({ core, containerId, actionId, args, progress, signal }) {
    const { store, adapters } = core;
    const { volumeId, template, resources, hostname } = present(core, containerId);
    const room = capacity(core);
    const reservedBytes = adapters.volumes.allocatedBytes(volumeId);
    store.write('STORE:RESERVE', () => {
      const row = { id: args.snapshotId, containerId, volumeId, ownerAction: actionId, reservedBytes, kept: args.keep };
      store.volumes.insertSnapshot({ ...row, template, resources, hostname }, room);
    });
    if (args.commands !== undefined) progress('Running the commands around it', null);
    const { done, commands } = await between({ core, containerId, actionId, signal }, args.commands, () => {
      progress('Copying the file system at one instant', null);
      return adapters.volumes.snapshot(volumeId, args.snapshotId);
    });
    return { ...done, ...(commands === undefined ? {} : { commands }) };
  },
  commit({ core, args }, taken) {
    core.store.volumes.markSnapshotPresent(args.snapshotId, taken.bytes);
    return taken;
  },
  finish: async (_context, taken) => taken,
});

/** commit: nothing names it · finish: it goes; reconcile takes what a crash leaves */
export const deleteSnapshot = defineAction<'snapshot.delete'>({
  verb: 'snapshot.delete',
  lock: ({ args }) => `snapshot:${args.snapshotId}`,
  commit({ core, containerId, args }) {
    const snapshot = core.store.volumes.findSnapshot(args.snapshotId);
    if (snapshot === undefined) return {};
    if (snapshot.containerId !== containerId) throw new BerthError('not_found', 'The container has no such snapshot.');
    core.store.volumes.removeSnapshot(args.snapshotId);
    return {};
  },
  async finish({ core, args }) {
    await core.adapters.volumes.deleteSnapshot(args.snapshotId);
    return {};
  },
});
