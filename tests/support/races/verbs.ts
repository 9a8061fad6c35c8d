/** The verbs of the state table as a person asks for them, on a container that has a backup and old files kept for undo. */
import { isDeepStrictEqual } from 'node:util';
import { createBackup } from '#lib/backups/create.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { openContainerConsole } from '#lib/console/open.ts';
import { setAccess } from '#lib/containers/access.ts';
import { configureContainer } from '#lib/containers/configure.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { addForward } from '#lib/containers/forwards.ts';
import { killContainer } from '#lib/containers/kill.ts';
import { recoverFiles } from '#lib/containers/recover.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { finishRepair, repairContainer } from '#lib/containers/repair.ts';
import { restartContainer } from '#lib/containers/restart.ts';
import { setRestartPolicy } from '#lib/containers/restart-policy.ts';
import { startContainer } from '#lib/containers/start.ts';
import { stopContainer } from '#lib/containers/stop.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { ContainerVerb } from '#lib/contract/states.ts';
import { listFiles } from '#lib/files/list.ts';
import { confirmOperation } from '#lib/operations/confirm.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { createSnapshot } from '#lib/snapshots/create.ts';
import { rollBack } from '#lib/snapshots/rollback.ts';
import { exportContainer } from '#lib/transfers/export.ts';
import { askHandover } from '../handover.ts';
import type { Random } from '../random.ts';
import { askClone, askCreate } from '../sagas/kinds.ts';
import { contradictions, type Picture, pictureOf } from '../sagas/picture.ts';
import type { SimBench } from '../sim-bench.ts';

export type Place = { bench: SimBench; containerId: string; backupId: string; snapshotId: string; kept: Operation };

/** Null: it was done at once, without an operation. */
export const verbs: Record<ContainerVerb, (place: Place) => Promise<Operation | null>> = {
  start: ({ bench, containerId }) => startContainer(bench.owner, containerId),
  stop: ({ bench, containerId }) => stopContainer(bench.owner, containerId, { timeoutMs: 5_000 }),
  restart: ({ bench, containerId }) => restartContainer(bench.owner, containerId, { timeoutMs: 5_000 }),
  kill: ({ bench, containerId }) => killContainer(bench.owner, containerId),
  delete: ({ bench, containerId }) => removeContainer(bench.admin, containerId),
  backup: ({ bench, containerId }) => createBackup(bench.owner, containerId, { note: '' }),
  restore: ({ bench, backupId }) => restoreBackup(bench.owner, backupId),
  recover: ({ bench, containerId }) => recoverFiles(bench.owner, containerId, { allSystemFiles: true }),
  reinstall: ({ bench, containerId }) =>
    reinstallContainer(bench.owner, containerId, { keepOld: false, reset: true, sshKeys: [] }),
  snapshot: ({ bench, containerId }) => createSnapshot(bench.owner, containerId, { name: '' }),
  rollback: ({ bench, snapshotId }) => rollBack(bench.owner, snapshotId),
  repair: ({ bench, containerId }) =>
    repairContainer(bench.owner, containerId, { readOnly: false, access: 'password', hours: 1 }),
  'repair-finish': ({ bench, containerId }) => finishRepair(bench.owner, containerId),
  clone: ({ bench, containerId }) => askClone(bench, containerId),
  export: ({ bench, containerId }) => exportContainer(bench.owner, containerId),
  undo: ({ bench, kept }) => undoOperation(bench.owner, kept.id),
  confirm: ({ bench, kept }) => confirmOperation(bench.owner, kept.id),
  configure: ({ bench, containerId }) => configureContainer(bench.admin, containerId, { planId: bench.planIds.large }),
  'restart-policy': ({ bench, containerId }) => setRestartPolicy(bench.owner, containerId, { restartPolicy: 'always' }),
  access: ({ bench, containerId }) => setAccess(bench.owner, containerId, { hostname: 'renamed' }),
  forwards: ({ bench, containerId }) => addForward(bench.owner, containerId, { protocol: 'tcp', containerPort: 80 }),
  handover: ({ bench, containerId }) => askHandover(bench, containerId),
  exec: async ({ bench, containerId }) => {
    const argv = ['/bin/sh', '-c', 'echo done > /root/exec'];
    await execInContainer(bench.owner, containerId, { argv, timeoutMs: 5_000 });
    return null;
  },
  console: async ({ bench, containerId }) => {
    const socket = await openContainerConsole(bench.owner, containerId);
    socket.terminate();
    return null;
  },
  files: async ({ bench, containerId }) => {
    const path = Buffer.from('/root').toString('base64');
    const query = { path, sort: 'name', descending: false, match: '', limit: 10 } as const;
    await listFiles(bench.owner, containerId, query);
    return null;
  },
};

/** A container whose present files say `three`, whose kept ones `two`, whose backup `one` and whose snapshot `held`. */
export async function makePlace(bench: SimBench, random: Random, running: boolean): Promise<Place> {
  const well = async (asked: Promise<Operation>) => {
    const done = await bench.run(await asked);
    if (done.state !== 'succeeded') throw new Error(`${done.kind} ${done.state}: ${JSON.stringify(done.error)}`);
    return done;
  };
  const made = await well(askCreate(bench, random, running));
  const containerId = made.containerId ?? '';
  const write = (text: string) => {
    const volumeId = bench.host.core.store.containers.find(containerId)?.volumeId ?? '';
    bench.host.world.volume(volumeId).files['/root/note'] = text;
  };
  write('one');
  const { result } = await well(createBackup(bench.owner, containerId, { note: '' }));
  write('two');
  const choice = { keepOld: false, reset: true, templateId: bench.templateIds.tiny };
  const kept = await well(reinstallContainer(bench.owner, containerId, choice));
  write('held');
  const held = await well(createSnapshot(bench.owner, containerId, { name: '' }));
  write('three');
  return { bench, containerId, backupId: String(result.backupId), snapshotId: String(held.result.snapshotId), kept };
}

/** What can be told of the end without names that chance gave. */
export async function endOf({ bench, containerId }: Place): Promise<string> {
  await bench.host.settle();
  const picture = await pictureOf(bench, containerId);
  const wrong = contradictions(picture);
  if (wrong.length > 0) return `contradictions: ${wrong.join('; ')}`;
  return JSON.stringify(summary(picture));
}

function summary({ portal, host, machine }: Picture) {
  const tell = (id: string) => {
    const files = machine.files[id] ?? {};
    return `${files['/root/note'] ?? 'fresh'}${files['/root/exec'] === undefined ? '' : '+exec'}`;
  };
  return {
    present: portal.present,
    running: machine.running,
    agreed: host === null || isDeepStrictEqual(portal.desired, host.desired),
    large: host?.resources.includes('"cpuCores",1]') ?? false,
    hostname: portal.hostname === 'renamed',
    keys: portal.sshKeys.length,
    forwards: portal.forwards.length,
    files: host === null ? '' : tell(portal.volumeId),
    kept: portal.retained.map(tell),
    backups: portal.backups.length,
    snapshots: portal.snapshots.length,
    repairing: portal.repairing,
  };
}
