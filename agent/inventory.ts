import { readFileSync } from 'node:fs';
import { cpus, hostname, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type HostInfo,
  type HostRecords,
  type Inventory,
  type InventoryItem,
  mostDeeds,
  type Usage,
} from '#lib/contract/agent-state.ts';
import { toldExits } from '#lib/contract/restarts.ts';
import type { Core } from './core.ts';
import { hostBootId } from './reconcile/reconcile.ts';
import { restartsOf } from './reconcile/restarts.ts';
import type { ContainerRecord } from './store/containers.ts';

/** What this host is and has. */
export function hostInfo(core: Pick<Core, 'adapters' | 'config' | 'store' | 'simulated'>): HostInfo {
  const { adapters, config, store } = core;
  return {
    hostId: config.hostId,
    hostname: hostname(),
    kernel: release(),
    cpus: cpus().length,
    memoryBytes: totalmem(),
    pool: {
      ...adapters.volumes.pool(),
      reservedBytes: store.volumes.reservedBytes(),
      keptFreeBytes: config.poolReserveBytes,
    },
    cgroups: adapters.runtime.cgroupVersion(),
    engine: core.simulated ? {} : engineVersions(config.engineDir),
    forwardAddress: config.forwardName ?? config.forwardAddress,
    forwardPorts: config.forwardPorts,
    layers: adapters.layers.list(),
    simulated: core.simulated,
  };
}

const Manifest = z.object({ versions: z.record(z.string(), z.string()) });

/** Versions of runc, criu and restic as set-up wrote them beside the programs. */
function engineVersions(engineDir: string): Record<string, string> {
  try {
    return Manifest.parse(JSON.parse(readFileSync(join(engineDir, 'manifest.json'), 'utf8'))).versions;
  } catch {
    return {}; // told by `doctor`, which reads the programs themselves
  }
}

/** All containers that are here, with state and usage, in one pass. */
export function inventory(core: Core): Inventory {
  const records = core.store.containers.list().filter((record) => record.state === 'present');
  const states = new Map(records.map((record) => [record.id, core.adapters.runtime.state(record.id)]));
  const running = records.filter((record) => states.get(record.id)?.running === true);
  const usage = core.adapters.metrics.sample(
    running.map((record) => ({
      containerId: record.id,
      volumeId: record.volumeId,
      interfaceName: core.adapters.network.interfaceName(record.id),
      pid: states.get(record.id)?.pid ?? null,
    })),
  );
  const containers = records.map((record) => item(core, record, states.get(record.id), usage.get(record.id)));
  const deeds = core.store.ledger.untold(mostDeeds);
  return { time: new Date().toISOString(), bootId: hostBootId(), containers, deeds };
}

function item(
  core: Core,
  record: ContainerRecord,
  state: { running: boolean; startedAt: Date | null } | undefined,
  usage: Usage | undefined,
): InventoryItem {
  const running = state?.running === true;
  const lastExit = record.exits[0] ?? null;
  const startedAt = running ? (state.startedAt?.toISOString() ?? record.since) : null;
  return {
    containerId: record.id,
    generation: core.store.ledger.generation(record.id),
    desired: record.desired,
    power: core.phases.get(record.id) ?? power(core, record, running),
    since: startedAt ?? lastExit?.at ?? record.since,
    bootId: running ? record.bootId : null,
    address: record.address,
    lastExit,
    exits: record.exits.slice(0, toldExits),
    restarts: restartsOf(record, core.config.restarts, Date.now()),
    repair: record.repair === null ? null : { readOnly: record.repair.readOnly },
    usage: usage ?? null,
  };
}

/** What the records say of every container that is here. */
export function records({ store }: Core): HostRecords {
  const forwards = store.forwards.byContainer();
  const retained = store.volumes.list().filter((volume) => volume.state === 'retained');
  const present = store.containers.list().filter((record) => record.state === 'present');
  return {
    containers: present.map((record) => ({
      containerId: record.id,
      tenantId: record.tenantId,
      generation: store.ledger.generation(record.id),
      name: record.name,
      hostname: record.hostname,
      desired: record.desired,
      address: record.address,
      idBase: record.idBase,
      volumeId: record.volumeId,
      template: record.template,
      resources: record.resources,
      restartPolicy: record.restartPolicy,
      forwards: forwards.get(record.id) ?? [],
      retainedVolumeIds: retained.filter((volume) => volume.containerId === record.id).map((volume) => volume.id),
    })),
  };
}

/** One that waits for its turn after a boot of the host is on its way up. */
function power(core: Core, record: ContainerRecord, running: boolean): InventoryItem['power'] {
  if (running) return 'running';
  return core.queued.has(record.id) && record.desired === 'running' ? 'starting' : 'stopped';
}
