import type { ActionArgs } from '#lib/contract/agent.ts';
import type { Core } from '../core.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { capacity } from './definition.ts';

/** What a new container's place on its host is made of. */
type Place = Pick<
  ActionArgs<'container.create'>,
  'tenantId' | 'name' | 'hostname' | 'volumeId' | 'template' | 'resources' | 'restartPolicy' | 'startPriority'
>;

/** Writes a container down that is about to be made: a range of ids, an address, its share of the pool. All of it or nothing. */
export function reservePlace(
  core: Core,
  {
    containerId,
    actionId,
    args,
    addressOf,
  }: { containerId: string; actionId: string; args: Place; addressOf: (taken: ReadonlySet<string>) => string },
): void {
  const { store, config } = core;
  const room = capacity(core);
  const { tenantId, name, hostname, volumeId, template, resources, restartPolicy, startPriority } = args;
  store.write('STORE:RESERVE', () => {
    const idBase = store.containers.freeIdBase(config.idBase);
    const address = addressOf(store.containers.takenAddresses(containerId));
    const identity = { id: containerId, tenantId, name, hostname, idBase, address };
    const startup = { restartPolicy, startPriority, ownerAction: actionId };
    store.containers.insertPreparing({ ...identity, ...startup, volumeId, template, resources });
    const size = { bytes: resources.diskBytes, inodes: resources.inodes };
    const volume = { id: volumeId, containerId, ownerAction: actionId, layers: template.layers, ...size };
    store.volumes.insertPreparing(volume, room);
  });
}

/** The row that {@link reservePlace} wrote. */
export function reserved(core: Core, containerId: string): ContainerRecord {
  const record = core.store.containers.find(containerId);
  if (record === undefined) throw new Error('the row just written is gone');
  return record;
}

/** For a commit: the container is there, the volume its own, and its address no longer kept but had. */
export function placeIsTaken(
  core: Core,
  containerId: string,
  volumeId: string,
): Pick<ContainerRecord, 'address' | 'idBase'> {
  const { containers, volumes } = core.store;
  containers.markPresent(containerId);
  containers.forgetAddress(containerId);
  volumes.setState(volumeId, 'current');
  const { address, idBase } = reserved(core, containerId);
  return { address, idBase };
}
