import type { ActionResult } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import type { Core } from '../core.ts';
import { bringDown, converge } from '../reconcile/converge.ts';
import type { ContainerRecord } from '../store/containers.ts';
import type { Shown, VolumeRecord } from '../store/volumes.ts';
import { capacity, defineAction, present, refuseInRepair, requireLayers } from './definition.ts';
import { identityScript } from './identity.ts';
import { keepAccess } from './keep-access.ts';
import { inNew } from './new-system.ts';

type Prepared = { allocatedBytes: number; accessKept?: boolean };

/**
 * prepare: the container stopped (a boot is owed, so a crash here starts the old system again); identity or access written into the new
 * volume · commit: the record names the new volume and template, the old volume is retained · finish: the world follows; what
 * ran runs again
 */
export const swap = defineAction<'container.swap', Prepared | null, ActionResult<'container.swap'>>({
  verb: 'container.swap',
  async prepare({ core, containerId, actionId, args, progress }) {
    const record = present(core, containerId);
    if (isUndone(actionId, record, args.volumeId)) return null;
    refuseInRepair(record);
    candidate(core, containerId, args.volumeId);
    requireLayers(core, args.template.layers);
    core.store.write('STORE:BOOT-OWED', () => core.store.containers.wantBoot(containerId));
    await bringDown(core, containerId, { timeoutMs: args.stopTimeoutMs, progress });
    if (args.carryIdentity) {
      progress('Carrying host name, users and keys over', null);
      await carryIdentity(core, record, args.volumeId, args.template);
    }
    const kept = args.access === undefined ? {} : { accessKept: await keepAccess(core, record, args, args.access) };
    return { allocatedBytes: core.adapters.volumes.allocatedBytes(record.volumeId), ...kept };
  },
  commit({ core, containerId, actionId, args }, prepared) {
    const { containers, volumes } = core.store;
    const record = present(core, containerId);
    const wasRunning = record.desired === 'running';
    if (prepared === null) return { retainedVolumeId: record.volumeId, retainedBytes: 0, wasRunning };
    const { allocatedBytes, ...access } = prepared;
    const volume = candidate(core, containerId, args.volumeId);
    const kept = args.oldAt === null ? null : { volumeId: record.volumeId, template: record.template };
    volumes.setState(record.volumeId, 'retained');
    volumes.setLayers(record.volumeId, record.template.layers);
    volumes.setOld(record.volumeId, record.old);
    volumes.reserve(record.volumeId, allocatedBytes);
    volumes.setState(volume.id, 'current');
    volumes.setLayers(volume.id, args.template.layers);
    // A retained volume comes back to life: it may grow to its quota again. What is taken back is not asked for, neither by a
    // step's undo nor by a person's, or a full pool would keep people from their own files. What is promised may then exceed
    // the pool by what the files put aside hold: nothing new is promised until kept files have gone (early, by the portal).
    const { diskBytes, inodes } = record.resources;
    const takenBack = undoes(actionId) || volume.state === 'retained';
    volumes.setQuota(volume.id, diskBytes, inodes, takenBack ? null : () => capacity(core));
    const old = undoes(actionId) ? stillThere(core, volume.old) : kept;
    containers.setSystem(containerId, volume.id, args.template, old);
    containers.forgive(containerId);
    return { retainedVolumeId: record.volumeId, retainedBytes: allocatedBytes, wasRunning, ...access };
  },
  async finish({ core, containerId, progress }, committed) {
    if (committed.wasRunning) progress('Starting the new system', null);
    await converge(core, containerId);
    return committed;
  },
});

const undoes = (actionId: string) => actionId.endsWith('.undo');

/** What was shown at /old before the swap that is taken back, unless it was released since. */
function stillThere(core: Core, old: Shown | null): Shown | null {
  return old !== null && core.store.volumes.find(old.volumeId)?.state === 'retained' ? old : null;
}

/** Whoever undoes a swap that perhaps never happened asks for the volume that is there already: nothing is left to do. */
function isUndone(actionId: string, record: ContainerRecord, volumeId: string): boolean {
  return undoes(actionId) && record.volumeId === volumeId;
}

function candidate(core: Core, containerId: string, volumeId: string): VolumeRecord {
  const volume = core.store.volumes.find(volumeId);
  if (volume?.containerId !== containerId) throw new BerthError('not_found', 'The container has no such volume.');
  if (volume.state !== 'spare' && volume.state !== 'retained') {
    throw new BerthError('state', 'This volume cannot take the place of the present one.');
  }
  return volume;
}

async function carryIdentity(core: Core, record: ContainerRecord, volumeId: string, template: TemplateRef) {
  const { runtime } = core.adapters;
  const result = await inNew(core, record, { volumeId, template, withOld: true }, (plan) =>
    runtime.runOnce(plan, ['/bin/sh', '-s'], { timeoutMs: 60_000, input: identityScript }),
  );
  if (result.exitCode !== 0) {
    throw new BerthError('action_failed', 'Users and passwords could not be carried over.', {
      inside: `exit ${result.exitCode}: ${result.stderr.slice(0, 500)}`,
    });
  }
}
