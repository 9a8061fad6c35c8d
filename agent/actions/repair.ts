import type { ActionResult } from '#lib/contract/agent.ts';
import type { Core } from '../core.ts';
import { bringDown, converge, mountLayers } from '../reconcile/converge.ts';
import { deleteDiscarded, dismantle } from '../reconcile/garbage.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { type AccessChange, applyAccess } from './access.ts';
import {
  type ActionContext,
  capacity,
  defineAction,
  present,
  refuseInRepair,
  requireLayers,
  UndoneError,
} from './definition.ts';
import { welcomeOf } from './welcome.ts';

/** A rescue system holds its tools and what they need for a while, not a container's data. */
const rescueSize = { bytes: 1024 ** 3, inodes: 65_536 };

/**
 * prepare: the rescue system's volume, with host name, keys and password in it; the container stopped (a boot is owed, so a crash
 * here starts it again) · commit: it is in repair · finish: the rescue system runs; if it does not start, all is taken back
 */
export const beginRepair = defineAction<'repair.begin', { before: ContainerRecord['desired'] }>({
  verb: 'repair.begin',
  async prepare({ core, containerId, actionId, args, progress }, { rootPassword }) {
    const record = present(core, containerId);
    refuseInRepair(record);
    requireLayers(core, record.template.layers);
    progress('Making the rescue system', null);
    await makeRescue(core, record, { id: args.volumeId, ownerAction: actionId });
    const { hostname } = record;
    await giveAccess(core, record, args.volumeId, {
      hostname,
      sshKeys: args.sshKeys,
      rootPassword,
      welcome: welcomeOf(args),
    });
    core.store.write('STORE:BOOT-OWED', () => core.store.containers.wantBoot(containerId));
    await bringDown(core, containerId, { timeoutMs: args.stopTimeoutMs, progress });
    return { before: record.desired };
  },
  commit({ core, containerId, args }, { before }) {
    core.store.volumes.setState(args.volumeId, 'spare');
    core.store.containers.beginRepair(containerId, { volumeId: args.volumeId, readOnly: args.readOnly, before });
    core.store.containers.wantBoot(containerId);
    core.store.containers.forgive(containerId);
    return {};
  },
  async finish(context) {
    const { core, containerId, progress } = context;
    core.alarms.clear(containerId);
    progress('Starting the rescue system', null);
    try {
      await converge(core, containerId);
    } catch (error) {
      await takeBack(context);
      const detail = 'The rescue system could not be started; the container is as it was.';
      throw new UndoneError('action_failed', detail, { retryable: false, cause: error });
    }
    const { startedAt } = core.adapters.runtime.state(containerId);
    return { startedAt: (startedAt ?? new Date()).toISOString() };
  },
});

async function makeRescue(core: Core, record: ContainerRecord, volume: { id: string; ownerAction: string }) {
  const bytes = Math.min(rescueSize.bytes, record.resources.diskBytes);
  const inodes = Math.min(rescueSize.inodes, record.resources.inodes);
  const room = capacity(core);
  const row = { ...volume, containerId: record.id, bytes, inodes, layers: record.template.layers };
  core.store.write('STORE:RESERVE', () => core.store.volumes.insertPreparing(row, room));
  await core.adapters.volumes.create(volume.id, { bytes, inodes });
}

/** Writes into the rescue system while the container still runs: under the volume's own id, with nothing left mounted. */
async function giveAccess(core: Core, record: ContainerRecord, volumeId: string, access: AccessChange): Promise<void> {
  const { volumes, roots } = core.adapters;
  try {
    const layers = await mountLayers(core, record.template.layers);
    const volume = await volumes.mount(volumeId);
    const root = await roots.mount({ containerId: volumeId, idBase: record.idBase, layers, volume });
    await applyAccess(core, { record: { ...record, id: volumeId }, root }, access);
  } finally {
    await dismantle(core, volumeId);
    await volumes.unmount(volumeId);
  }
}

/** Out of repair in the records: the rescue system's volume goes as soon as nothing holds it. */
function leaveRepair(core: Core, record: ContainerRecord): void {
  if (record.repair === null) return;
  core.store.volumes.setState(record.repair.volumeId, 'discarded');
  core.store.containers.endRepair(record.id);
  core.store.containers.forgive(record.id);
}

async function takeBack({ core, containerId, log }: ActionContext<'repair.begin'>): Promise<void> {
  const record = present(core, containerId);
  core.store.write('STORE:REPAIR-BACK', () => {
    leaveRepair(core, record);
    core.store.containers.wantBoot(containerId);
  });
  await bringDown(core, containerId, { timeoutMs: 0 })
    .then(() => converge(core, containerId))
    .catch((error: unknown) => log.error({ err: error }, 'the container is not up again yet; reconcile tries'));
}

/**
 * prepare: the rescue system stopped (a boot is owed, so a crash here starts it again) · commit: out of repair · finish: the rescue
 * system is gone, and the container runs if it ran before; one that does not start, twice, is left stopped
 */
export const endRepair = defineAction<'repair.end', undefined, { inRepair: boolean }>({
  verb: 'repair.end',
  async prepare({ core, containerId, args, progress }) {
    if (present(core, containerId).repair === null) return undefined;
    core.store.write('STORE:BOOT-OWED', () => core.store.containers.wantBoot(containerId));
    await bringDown(core, containerId, { timeoutMs: args.stopTimeoutMs, progress });
    return undefined;
  },
  commit({ core, containerId }) {
    const record = present(core, containerId);
    leaveRepair(core, record);
    return { inRepair: record.repair !== null };
  },
  async finish({ core, containerId, progress, log }, { inRepair }): Promise<ActionResult<'repair.end'>> {
    core.alarms.clear(containerId);
    if (inRepair) {
      progress('Putting the container’s own system back', null);
      await deleteDiscarded(core, containerId);
      // What fails once may be the server's own trouble of a moment; what fails twice is taken for the container's.
      const again = (error: unknown) => {
        log.warn({ err: error }, 'did not start after the repair; tried once more');
        return converge(core, containerId);
      };
      await converge(core, containerId)
        .catch(again)
        .catch(async (error: unknown) => {
          log.warn({ err: error }, 'does not start after the repair; left stopped');
          core.store.write('STORE:DESIRED', () => core.store.containers.setDesired(containerId, 'stopped'));
          await bringDown(core, containerId, { timeoutMs: 0 });
        });
    }
    return { running: core.store.containers.find(containerId)?.desired === 'running' };
  },
});
