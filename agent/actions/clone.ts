import type { ActionArgs } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Progress } from '../adapters.ts';
import type { Core } from '../core.ts';
import { applyNetwork, mountRoot, planOf } from '../reconcile/converge.ts';
import { dismantle } from '../reconcile/garbage.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { applyAccess } from './access.ts';
import { capacity, defineAction, present, refuseInRepair, requireLayers } from './definition.ts';

/**
 * Takes away what tells one system from another: machine id, ssh host keys, seeds and leases. An empty machine id is filled at the
 * first boot; ssh host keys are made anew here, by the system's own program. Runs inside the new root
 * with the container's own rights, on a tenant's files: links are removed, never followed. For busybox and Debian sh.
 */
export const newIdentityScript = `
set -u
umask 022
for file in /etc/machine-id /var/lib/dbus/machine-id; do
  [ -e "$file" ] || [ -L "$file" ] || continue
  rm -f "$file" || exit 1
done
if [ -d /etc/systemd ] && [ ! -L /etc ]; then : > /etc/machine-id || exit 1; fi
had=
for file in /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub; do
  [ -e "$file" ] || [ -L "$file" ] || continue
  had=1
  rm -f "$file" || exit 1
done
rm -f /var/lib/systemd/random-seed /var/lib/systemd/credential.secret /var/lib/dhcp/*.leases /var/lib/NetworkManager/*.lease
if [ -n "$had" ] && command -v ssh-keygen > /dev/null; then ssh-keygen -A > /dev/null; fi
exit 0
`;

type Prepared = { appliedBytes: number };

/**
 * prepare: the copy's place reserved; the source's files held at one instant and copied, by reference where the pool can; a new
 * identity in them · commit: the container is present, the volume its own · finish: network rules know it
 */
export const clone = defineAction<'container.clone', Prepared, { address: string; idBase: number; bytes: number }>({
  verb: 'container.clone',
  async prepare({ core, containerId, actionId, args, progress }) {
    if (core.store.containers.find(containerId) !== undefined) {
      throw new BerthError('conflict', 'The server has this container already.');
    }
    const appliedBytes = await copyFiles(core, actionId, containerId, args, progress);
    const record = core.store.containers.find(containerId);
    if (record === undefined) throw new Error('the row just written is gone');
    progress('Giving the copy an identity of its own', null);
    await giveIdentity(core, record);
    return { appliedBytes };
  },
  commit({ core, containerId, args }, { appliedBytes }) {
    const { containers, volumes } = core.store;
    containers.markPresent(containerId);
    volumes.setState(args.volumeId, 'current');
    volumes.setApplied(args.volumeId, appliedBytes);
    const { address, idBase } = present(core, containerId);
    return { address, idBase, bytes: core.adapters.volumes.allocatedBytes(args.volumeId) };
  },
  async finish({ core }, committed) {
    await applyNetwork(core);
    return committed;
  },
});

type Args = ActionArgs<'container.clone'>;

/** Reserves what the copy needs, holds the source's files for a moment, and makes a volume of them; returns the size it has. */
async function copyFiles(
  core: Core,
  actionId: string,
  containerId: string,
  args: Args,
  progress: Progress,
): Promise<number> {
  const { store, adapters, config } = core;
  return await core.locks.run(args.sourceId, { cancellable: false }, async () => {
    const source = present(core, args.sourceId);
    if (source.tenantId !== args.tenantId)
      throw new BerthError('not_found', 'The server does not have this container.');
    refuseInRepair(source);
    const { template, volumeId } = source;
    requireLayers(core, template.layers);
    const room = capacity(core);
    const { diskBytes: bytes, inodes } = args.resources;
    progress('Reserving storage and an address', null);
    store.write('STORE:RESERVE', () => {
      const idBase = store.containers.freeIdBase(config.idBase);
      const address = adapters.network.allocate(store.containers.takenAddresses(containerId));
      const { tenantId, name, hostname, resources, restartPolicy, startPriority } = args;
      const identity = { id: containerId, tenantId, name, hostname, idBase, address, volumeId: args.volumeId };
      const row = { ...identity, template, resources, restartPolicy, startPriority, ownerAction: actionId };
      store.containers.insertPreparing(row);
      const volume = { id: args.volumeId, containerId, ownerAction: actionId, bytes, inodes, layers: template.layers };
      store.volumes.insertPreparing(volume, room);
      const held = { id: args.snapshotId, containerId, volumeId, ownerAction: actionId, kept: false };
      const reservedBytes = adapters.volumes.allocatedBytes(volumeId);
      store.volumes.insertSnapshot({ ...held, reservedBytes, template, resources, hostname }, room);
    });
    progress('Copying the files as they are at one instant', null);
    await adapters.volumes.snapshot(volumeId, args.snapshotId);
    const { sizeBytes } = await adapters.volumes.createFrom(args.volumeId, args.snapshotId, { bytes, inodes });
    await adapters.volumes.deleteSnapshot(args.snapshotId);
    store.write('STORE:DISCARD', () => store.volumes.removeSnapshot(args.snapshotId));
    return sizeBytes;
  });
}

/** In the copy's own root, which it does not run in yet; leaves nothing mounted. */
async function giveIdentity(core: Core, record: ContainerRecord): Promise<void> {
  const { runtime, volumes } = core.adapters;
  const root = await mountRoot(core, record);
  const options = { timeoutMs: 60_000, input: newIdentityScript };
  const result = await runtime.runOnce(planOf(core, record, root, null), ['/bin/sh', '-s'], options);
  if (result.exitCode !== 0) {
    throw new BerthError('action_failed', 'The copy could not be given an identity of its own.', {
      inside: `exit ${result.exitCode}: ${result.stderr.slice(0, 500)}`,
    });
  }
  await applyAccess(core, { record, root }, { hostname: record.hostname });
  await dismantle(core, record.id);
  await volumes.unmount(record.volumeId);
}
