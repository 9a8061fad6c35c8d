import type { ActionResult } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Core } from '../core.ts';
import { applyNetwork } from '../reconcile/converge.ts';
import { repositoryOf } from './backup.ts';
import { defineAction, fetchLayers } from './definition.ts';
import { keepAccess } from './keep-access.ts';
import { placeIsTaken, reserved, reservePlace } from './place.ts';
import { fillFromBackup } from './volume.ts';

type Restored = { files: number; bytes: number; accessKept?: boolean };

/**
 * prepare: layers fetched; id range, address and pool share reserved; the volume filled from the backup, access written into it · commit: the
 * container is present, the volume its own · finish: network rules know it
 */
export const recreate = defineAction<'container.recreate', Restored, ActionResult<'container.recreate'>>({
  verb: 'container.recreate',
  cancellable: true,
  async prepare(context, secrets) {
    const { core, containerId, actionId, args, progress } = context;
    if (core.store.containers.find(containerId) !== undefined) {
      throw new BerthError('conflict', 'The server has this container already.');
    }
    const repository = repositoryOf(core, args.repository, secrets);
    await fetchLayers(core, repository, args.template.layers, progress);
    progress('Reserving storage and an address', null);
    const addressOf = (taken: ReadonlySet<string>) => addressFor(core, containerId, args, taken);
    reservePlace(core, { containerId, actionId, args, addressOf });
    const { diskBytes, inodes } = args.resources;
    await core.adapters.volumes.create(args.volumeId, { bytes: diskBytes, inodes });
    const restored = await fillFromBackup(context, repository);
    if (args.access === undefined) return restored;
    progress('Setting host name and access', null);
    return { ...restored, accessKept: await keepAccess(core, reserved(core, containerId), args, args.access) };
  },
  commit({ core, containerId, args }, restored) {
    return { ...placeIsTaken(core, containerId, args.volumeId), ...restored };
  },
  async finish({ core }, committed) {
    await applyNetwork(core);
    return committed;
  },
});

/** The one it had, if this host has kept it; another only for whom that will do. */
function addressFor(
  core: Core,
  containerId: string,
  { address, anyAddress }: { address: string | null; anyAddress: boolean },
  taken: ReadonlySet<string>,
): string {
  const kept = core.store.containers.keptAddress(containerId);
  if (address !== null && kept === address && !taken.has(address)) return address;
  if (!anyAddress) throw new BerthError('conflict', 'The server has not kept the address it had.');
  return core.adapters.network.allocate(taken);
}
