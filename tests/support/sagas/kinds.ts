/**
 * For every kind of operation: what has to be there before, how a person asks for it, and what must be so when it succeeded.
 * Written for the tests alone, from the documentation and not from the workflows.
 */
import { isDeepStrictEqual } from 'node:util';
import type { UserActor } from '#lib/access/actor.ts';
import { checkBackups } from '#lib/backups/check.ts';
import { createBackup } from '#lib/backups/create.ts';
import { removeBackup } from '#lib/backups/remove.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { restoreFilesOfBackup } from '#lib/backups/restore-files.ts';
import { restoreBackupInto } from '#lib/backups/restore-into.ts';
import { testBackup } from '#lib/backups/test.ts';
import { setAccess } from '#lib/containers/access.ts';
import { cloneContainer } from '#lib/containers/clone.ts';
import { configureContainer } from '#lib/containers/configure.ts';
import { createContainer } from '#lib/containers/create.ts';
import { addForward, listForwards, removeForward } from '#lib/containers/forwards.ts';
import { killContainer } from '#lib/containers/kill.ts';
import { recoverFiles } from '#lib/containers/recover.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { finishRepair, repairContainer } from '#lib/containers/repair.ts';
import { restartContainer } from '#lib/containers/restart.ts';
import { setRestartPolicy } from '#lib/containers/restart-policy.ts';
import { startContainer } from '#lib/containers/start.ts';
import { stopContainer } from '#lib/containers/stop.ts';
import { undeleteContainer } from '#lib/containers/undelete.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { OperationKind } from '#lib/contract/states.ts';
import { confirmOperation } from '#lib/operations/confirm.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { createSnapshot } from '#lib/snapshots/create.ts';
import { removeSnapshot } from '#lib/snapshots/remove.ts';
import { rollBack } from '#lib/snapshots/rollback.ts';
import { buildTemplate } from '#lib/templates/build.ts';
import { exportContainer } from '#lib/transfers/export.ts';
import { importContainer } from '#lib/transfers/import.ts';
import { sendUpload, startImport } from '#lib/transfers/uploads.ts';
import { askHandover } from '../handover.ts';
import type { Random } from '../random.ts';
import type { SimBench } from '../sim-bench.ts';
import type { Picture } from './picture.ts';

/** One container's life up to the operation that is tested. */
export type Scene = {
  bench: SimBench;
  random: Random;
  containerId: string;
  running: boolean;
  backupId: string;
  importId: string;
  snapshotId: string;
  /** A reinstall or restore whose old files are kept. */
  keptBy: Operation;
};

type Needs =
  | 'nothing'
  | 'container'
  | 'running'
  | 'stopped'
  | 'backup'
  | 'snapshot'
  | 'repair'
  | 'kept'
  /** It is deleted, with a backup. */
  | 'deleted'
  /** An archive has been uploaded. */
  | 'upload'
  /** There is a backup of another tenant, who has consented to its being restored here. */
  | 'consent';

export type Case = {
  needs: Needs;
  /** Whether a failure leaves everything as it was; else a failure leaves old or new, and repeating it gives the new. */
  undone: boolean;
  ask(scene: Scene): Promise<Operation>;
  /** Instead of a new attempt of what failed. */
  again?: (scene: Scene) => Promise<Operation>;
  /** What is wrong with the world after success; `faults` are those that came true. */
  wrong(before: Picture, after: Picture, done: Operation, faults: readonly string[]): string[];
};

const note = '/root/note';
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEexampleEXAMPLEexampleEXAMPLEexample0 somebody';
const timeoutMs = 60_000;

function check(facts: Record<string, boolean>): string[] {
  return Object.entries(facts).flatMap(([fact, holds]) => (holds ? [] : [fact]));
}

const currentFiles = (picture: Picture) => picture.machine.files[picture.portal.volumeId] ?? {};
const samePower = (before: Picture, after: Picture) =>
  before.machine.running === after.machine.running && after.portal.desired === after.host?.desired;
const powerIs = (after: Picture, running: boolean) =>
  after.machine.running === running && after.portal.desired === (running ? 'running' : 'stopped');
const swapped = (before: Picture, after: Picture) =>
  check({
    'lives on another volume': before.portal.volumeId !== after.portal.volumeId,
    'the old volume is kept': after.portal.retained.includes(before.portal.volumeId),
    'the old files are what they were': isDeepStrictEqual(
      after.machine.files[before.portal.volumeId],
      currentFiles(before),
    ),
    'runs as before': samePower(before, after),
  });

/** Who asks: the tenant's owner, or staff for what a tenant may not. */
export function askerOf(bench: SimBench, kind: OperationKind): UserActor {
  const staff: readonly OperationKind[] = ['create', 'import', 'delete', 'configure', 'restore-into', 'template-build'];
  return staff.includes(kind) ? bench.admin : bench.owner;
}

let names = 0;

export function askCreate(
  bench: SimBench,
  random: Random,
  start: boolean,
  tenant: 'a' | 'b' = 'a',
): Promise<Operation> {
  names += 1;
  return createContainer(bench.admin, {
    name: `web-${names}`,
    tenantId: bench.world.ids[tenant],
    planId: bench.planIds.small,
    templateId: random.pick([bench.templateIds.tiny, bench.templateIds.debian]),
    hostId: bench.host.made.hostId,
    sshKeys: [key],
    rootPassword: 'a long password',
    start,
  });
}

export function askClone(bench: SimBench, containerId: string): Promise<Operation> {
  names += 1;
  // Not started: one container of the host is looked at, and nothing but that runs.
  return cloneContainer(bench.owner, containerId, { name: `copy-${names}`, start: false });
}

/** An archive as the simulated host unpacks it. */
export const simArchive = Buffer.from(
  JSON.stringify({ manifest: null, files: { '/root/note': 'from afar' } }).padEnd(1024),
);

/** Sends it, as a person does. */
export async function uploadArchive(bench: SimBench): Promise<string> {
  const { ids } = bench.world;
  const place = { tenantId: ids.a, planId: bench.planIds.small, hostId: bench.host.made.hostId };
  const { id } = await startImport(bench.admin, { ...place, sizeBytes: simArchive.length });
  const request = new Request('http://panel.test', { method: 'PUT', body: new Uint8Array(simArchive) });
  const { receivedBytes } = await sendUpload(bench.admin, id, 0, request);
  if (receivedBytes !== simArchive.length) throw new Error(`${receivedBytes} bytes have come`);
  return id;
}

export function askImport(bench: SimBench, importId: string, start: boolean): Promise<Operation> {
  names += 1;
  return importContainer(bench.admin, { importId, name: `import-${names}`, sshKeys: [key], start });
}

export const cases: Record<OperationKind, Case> = {
  create: {
    needs: 'nothing',
    undone: true,
    ask: ({ bench, random }) => askCreate(bench, random, random.chance(0.7)),
    wrong: (_before, after) =>
      check({
        'is there': after.portal.present && after.host !== null,
        'runs as wanted': after.portal.desired === after.host?.desired,
        'has the key': currentFiles(after)['/root/.ssh/authorized_keys'] === `${key}\n`,
        'has the password': (currentFiles(after)['/etc/shadow'] ?? '').startsWith('root:$'),
      }),
  },
  start: {
    needs: 'stopped',
    undone: false,
    ask: ({ bench, containerId }) => startContainer(bench.owner, containerId),
    wrong: (_before, after) => check({ runs: powerIs(after, true) }),
  },
  stop: {
    needs: 'running',
    undone: false,
    ask: ({ bench, containerId }) => stopContainer(bench.owner, containerId, { timeoutMs }),
    wrong: (_before, after) => check({ 'is stopped': powerIs(after, false) }),
  },
  restart: {
    needs: 'running',
    undone: false,
    ask: ({ bench, containerId }) => restartContainer(bench.owner, containerId, { timeoutMs }),
    wrong: (_before, after) => check({ runs: powerIs(after, true) }),
  },
  kill: {
    needs: 'running',
    undone: false,
    ask: ({ bench, containerId }) => killContainer(bench.owner, containerId),
    wrong: (_before, after) => check({ 'is stopped': powerIs(after, false) }),
  },
  delete: {
    needs: 'kept',
    undone: false,
    ask: ({ bench, containerId }) => removeContainer(bench.admin, containerId),
    wrong: (before, after) =>
      check({
        'is gone': !after.portal.present && after.host === null,
        'backups stay': isDeepStrictEqual(before.machine.backups, after.machine.backups),
      }),
  },
  backup: {
    needs: 'container',
    undone: true,
    ask: ({ bench, containerId }) => createBackup(bench.owner, containerId, { note: 'n' }),
    wrong: (before, after) =>
      check({
        'one more backup': after.portal.backups.length === before.portal.backups.length + 1,
        'nothing else changed': isDeepStrictEqual(currentFiles(before), currentFiles(after)),
        'runs as before': samePower(before, after),
      }),
  },
  restore: {
    needs: 'backup',
    undone: true,
    ask: ({ bench, backupId }) => restoreBackup(bench.owner, backupId),
    wrong: (before, after) => [
      ...swapped(before, after),
      ...check({ 'has the files of the backup': currentFiles(after)[note] === 'one' }),
    ],
  },
  reinstall: {
    needs: 'container',
    undone: true,
    ask: ({ bench, random, containerId }) => {
      const keys = random.chance(0.5) ? { sshKeys: [key] } : {};
      const password = random.chance(0.5) ? { rootPassword: 'another password' } : {};
      const choice = { keepOld: random.chance(0.5), reset: random.chance(0.5), ...keys, ...password };
      const templateId = random.pick([bench.templateIds.tiny, bench.templateIds.debian]);
      return reinstallContainer(bench.owner, containerId, { templateId, ...choice });
    },
    wrong: (before, after) => [
      ...swapped(before, after),
      ...check({ 'is a fresh system': currentFiles(after)[note] === undefined }),
    ],
  },
  undo: {
    needs: 'kept',
    undone: true,
    ask: ({ bench, keptBy }) => undoOperation(bench.owner, keptBy.id),
    wrong: (before, after) => [
      ...swapped(before, after),
      ...check({
        'has the old files': before.portal.retained.includes(after.portal.volumeId),
        'the note is the old one': currentFiles(after)[note] === 'two',
      }),
    ],
  },
  confirm: {
    needs: 'kept',
    undone: false,
    ask: ({ bench, keptBy }) => confirmOperation(bench.owner, keptBy.id),
    wrong: (before, after) =>
      check({
        'nothing is kept': after.portal.retained.length === before.portal.retained.length - 1,
        'runs as before': samePower(before, after),
      }),
  },
  configure: {
    needs: 'container',
    undone: true,
    ask: ({ bench, containerId }) => configureContainer(bench.admin, containerId, { planId: bench.planIds.large }),
    wrong: (before, after) =>
      check({
        'has the plan': after.portal.planId !== before.portal.planId,
        'the host has its limits': after.host?.resources !== before.host?.resources,
        'runs as before': samePower(before, after),
      }),
  },
  'restart-policy': {
    needs: 'container',
    undone: true,
    ask: ({ bench, containerId }) => setRestartPolicy(bench.owner, containerId, { restartPolicy: 'always' }),
    wrong: (before, after) =>
      check({
        'has the policy': after.host?.restartPolicy === 'always' && after.portal.restartPolicy === 'always',
        'runs as before': samePower(before, after),
      }),
  },
  access: {
    needs: 'container',
    undone: false,
    ask: ({ bench, containerId }) =>
      setAccess(bench.owner, containerId, { hostname: 'renamed', sshKeys: [], rootPassword: 'another password' }),
    wrong: (before, after) =>
      check({
        'has the host name':
          after.portal.hostname === 'renamed' && currentFiles(after)['/etc/hostname'] === 'renamed\n',
        'has no keys': currentFiles(after)['/root/.ssh/authorized_keys'] === '',
        'has another password': currentFiles(after)['/etc/shadow'] !== currentFiles(before)['/etc/shadow'],
        'runs as before': samePower(before, after),
      }),
  },
  forwards: {
    needs: 'container',
    undone: true,
    ask: async ({ bench, random, containerId }) => {
      const { items } = await listForwards(bench.owner, containerId);
      const [first] = items;
      if (first !== undefined && random.chance(0.5)) return removeForward(bench.owner, containerId, first.id);
      return addForward(bench.owner, containerId, { protocol: 'tcp', containerPort: 80 });
    },
    wrong: (before, after) =>
      check({
        'one more or one less': Math.abs(after.portal.forwards.length - before.portal.forwards.length) === 1,
        'runs as before': samePower(before, after),
      }),
  },
  export: {
    needs: 'container',
    undone: true,
    ask: ({ bench, containerId }) => exportContainer(bench.owner, containerId),
    wrong: (before, after) =>
      check({
        'is there to be fetched': after.reservedBytes > before.reservedBytes,
        'nothing else changed': isDeepStrictEqual(currentFiles(before), currentFiles(after)),
        'runs as before': samePower(before, after),
      }),
  },
  import: {
    needs: 'upload',
    undone: true,
    ask: ({ bench, random, importId }) => askImport(bench, importId, random.chance(0.5)),
    wrong: (_before, after) =>
      check({
        'is there': after.portal.present && after.host !== null,
        'has the files of the archive': currentFiles(after)[note] === 'from afar',
        'runs as wanted': after.portal.desired === after.host?.desired,
      }),
  },
  undelete: {
    needs: 'deleted',
    undone: true,
    ask: ({ bench, random, containerId }) =>
      undeleteContainer(bench.owner, containerId, { acceptNewAddress: false, start: random.chance(0.5) }),
    wrong: (before, after) =>
      check({
        'is there again': after.portal.present && after.host !== null && !after.portal.recoverable,
        'has the files of the backup': currentFiles(after)[note] === 'one',
        'has its address':
          after.host?.address === before.portal.address && after.portal.address === after.host?.address,
        'has its forwards': isDeepStrictEqual(before.portal.forwards, after.portal.forwards),
        'runs as wanted': after.portal.desired === after.host?.desired,
      }),
  },
  'restore-into': {
    needs: 'consent',
    undone: true,
    ask: ({ bench, backupId, containerId }) => restoreBackupInto(bench.admin, backupId, { containerId }),
    wrong: (before, after) => [
      ...swapped(before, after),
      ...check({ 'has the files of the backup': currentFiles(after)[note] === 'theirs' }),
    ],
  },
  'open-backup': {
    needs: 'backup',
    undone: true,
    ask: ({ bench, containerId, backupId }) =>
      requestOperation(bench.owner, { kind: 'open-backup', containerId, input: { backupId } }),
    wrong: (before, after) =>
      check({
        'nothing changed': isDeepStrictEqual(before.machine, after.machine),
        'runs as before': samePower(before, after),
      }),
  },
  'restore-files': {
    needs: 'backup',
    undone: false,
    ask: ({ bench, backupId }) =>
      restoreFilesOfBackup(bench.owner, backupId, {
        paths: [Buffer.from('/root/note').toString('base64')],
        mode: 'overwrite',
      }),
    wrong: (before, after) =>
      check({
        'has the file of the backup': currentFiles(after)[note] === 'one',
        'runs as before': samePower(before, after),
      }),
  },
  recover: {
    needs: 'running',
    undone: false,
    ask: ({ bench, containerId }) => recoverFiles(bench.owner, containerId, { allSystemFiles: true }),
    wrong: (before, after, done) =>
      check({
        'lacks nothing of the template': Object.values(currentFiles(after)).every((content) => content !== null),
        'has a snapshot of before': typeof done.result.snapshotId === 'string',
        'runs as before': samePower(before, after),
      }),
  },
  'backup-check': {
    needs: 'backup',
    undone: true,
    ask: ({ bench, containerId }) => checkBackups(bench.owner, containerId),
    wrong: (before, after, done) =>
      check({
        'has read all': done.result.part === '1 of 1',
        'nothing changed': isDeepStrictEqual(before.machine.backups, after.machine.backups),
        'runs as before': samePower(before, after),
      }),
  },
  'backup-test': {
    needs: 'backup',
    undone: true,
    ask: ({ bench, backupId }) => testBackup(bench.owner, backupId),
    wrong: (before, after, done, faults) =>
      check({
        // What does not start twice is taken for the backup's fault.
        'has passed':
          done.result.passed === true || faults.filter((one) => one.startsWith('runtime.start fails')).length > 1,
        'nothing changed': isDeepStrictEqual(before.machine, after.machine),
        'runs as before': samePower(before, after),
      }),
  },
  'backup-delete': {
    needs: 'backup',
    undone: false,
    ask: ({ bench, backupId }) => removeBackup(bench.owner, backupId),
    wrong: (before, after) =>
      check({
        'can be had back': after.portal.removed === before.portal.removed + 1,
        'is at its location': isDeepStrictEqual(before.machine.backups, after.machine.backups),
      }),
  },
  snapshot: {
    needs: 'container',
    undone: true,
    ask: ({ bench, containerId }) => createSnapshot(bench.owner, containerId, { name: 'before' }),
    wrong: (before, after) =>
      check({
        'one more snapshot': after.portal.snapshots.length === before.portal.snapshots.length + 1,
        'nothing else changed': isDeepStrictEqual(currentFiles(before), currentFiles(after)),
        'runs as before': samePower(before, after),
      }),
  },
  'snapshot-delete': {
    needs: 'snapshot',
    undone: false,
    ask: ({ bench, snapshotId }) => removeSnapshot(bench.owner, snapshotId),
    wrong: (before, after) =>
      check({ 'is gone': after.portal.snapshots.length === before.portal.snapshots.length - 1 }),
  },
  rollback: {
    needs: 'snapshot',
    undone: true,
    ask: ({ bench, snapshotId }) => rollBack(bench.owner, snapshotId),
    wrong: (before, after) => [
      ...swapped(before, after),
      ...check({
        'has the files of the snapshot': currentFiles(after)[note] === 'one',
        'a snapshot was taken first': after.portal.snapshots.length === before.portal.snapshots.length + 1,
      }),
    ],
  },
  repair: {
    needs: 'container',
    undone: true,
    ask: ({ bench, random, containerId }) =>
      repairContainer(bench.owner, containerId, { readOnly: random.chance(0.5), access: 'password', hours: 1 }),
    wrong: (before, after) =>
      check({
        'is in repair': after.portal.repairing && after.host?.repair !== null,
        runs: powerIs(after, true),
        'its files are what they were': isDeepStrictEqual(currentFiles(before), currentFiles(after)),
      }),
  },
  'repair-finish': {
    needs: 'repair',
    undone: false,
    ask: ({ bench, containerId }) => finishRepair(bench.owner, containerId),
    wrong: (before, after) =>
      check({
        'is out of repair': !after.portal.repairing && after.host?.repair === null,
        'nothing of the rescue system is left':
          Object.keys(after.machine.files).length === Object.keys(before.machine.files).length - 1,
        'its files are what they were': isDeepStrictEqual(currentFiles(before), currentFiles(after)),
      }),
  },
  clone: {
    needs: 'container',
    undone: true,
    ask: ({ bench, containerId }) => askClone(bench, containerId),
    wrong: (before, after) =>
      check({
        'has a place of its own': after.reservedBytes > before.reservedBytes,
        'the source is what it was': isDeepStrictEqual(before.machine.files, after.machine.files),
        'runs as before': samePower(before, after),
      }),
  },
  handover: {
    needs: 'container',
    undone: true,
    ask: ({ bench, containerId }) => askHandover(bench, containerId),
    again: ({ bench, containerId }) => askHandover(bench, containerId),
    wrong: (before, after) =>
      check({
        'is another account’s': before.portal.tenantId !== after.portal.tenantId,
        'its host knows whose': after.host?.tenantId === after.portal.tenantId,
        'the giver’s keys are out':
          after.portal.sshKeys.length === 0 && currentFiles(after)['/root/.ssh/authorized_keys'] === '',
        'the other files are what they were': currentFiles(after)[note] === currentFiles(before)[note],
        'has the forwards it had': isDeepStrictEqual(before.portal.forwards, after.portal.forwards),
        'runs as before': samePower(before, after),
      }),
  },
  'template-build': {
    needs: 'container',
    undone: true,
    ask: ({ bench }) => buildTemplate(bench.admin, { name: 'tiny', hostId: bench.host.made.hostId }),
    wrong: () => [],
  },
};
