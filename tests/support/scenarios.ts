/** One of every kind of operation, each on a container of its own, for tests that disturb them. */

import { checkBackups } from '#lib/backups/check.ts';
import { giveConsent } from '#lib/backups/consents.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { removeBackup } from '#lib/backups/remove.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { restoreFilesOfBackup } from '#lib/backups/restore-files.ts';
import { restoreBackupInto } from '#lib/backups/restore-into.ts';
import { testBackup } from '#lib/backups/test.ts';
import { setAccess } from '#lib/containers/access.ts';
import { cloneContainer } from '#lib/containers/clone.ts';
import { configureContainer } from '#lib/containers/configure.ts';
import { createContainer } from '#lib/containers/create.ts';
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
import { undeleteContainer } from '#lib/containers/undelete.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { confirmOperation } from '#lib/operations/confirm.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { createSnapshot } from '#lib/snapshots/create.ts';
import { removeSnapshot } from '#lib/snapshots/remove.ts';
import { rollBack } from '#lib/snapshots/rollback.ts';
import { buildTemplate } from '#lib/templates/build.ts';
import { downloadExport } from '#lib/transfers/download.ts';
import { exportContainer } from '#lib/transfers/export.ts';
import { importContainer } from '#lib/transfers/import.ts';
import { sendUpload, startImport } from '#lib/transfers/uploads.ts';
import { askHandover } from './handover.ts';
import { type Bench, succeeded } from './operations.ts';

export type Scenario = {
  kind: Operation['kind'];
  /** Names of its durable parts, in order: steps by their names. */
  parts: readonly string[];
  /** The actions that have to be carried out on the host, once each. */
  actions: readonly string[];
  /** Makes what it needs and returns how to ask for it. */
  prepare(bench: Bench): Promise<() => Promise<Operation>>;
};

let made = 0;

function create(bench: Bench, start: boolean, tenant: 'a' | 'b' = 'a'): Promise<Operation> {
  const { ids } = bench.world;
  made += 1;
  const input = { tenantId: ids[tenant], planId: ids.plan, templateId: ids.template, sshKeys: [] };
  return createContainer(bench.admin, { ...input, name: `web-${made}`, start });
}

/** A container of its own, and its id. */
export async function container(bench: Bench, start = true): Promise<string> {
  return (await succeeded(bench.admin, await create(bench, start))).containerId ?? '';
}

async function backedUp(bench: Bench) {
  const id = await container(bench);
  await succeeded(bench.owner, await createBackup(bench.owner, id, { note: '' }));
  const [backup] = (await listBackups(bench.owner, id, {})).items;
  if (backup === undefined) throw new Error('no backup');
  return { id, backupId: backup.id };
}

async function reinstalled(bench: Bench): Promise<Operation> {
  const id = await container(bench);
  return await succeeded(bench.owner, await reinstallContainer(bench.owner, id, { keepOld: true, reset: false }));
}

async function held(bench: Bench): Promise<string> {
  const id = await container(bench);
  return String((await succeeded(bench.owner, await createSnapshot(bench.owner, id, { name: '' }))).result.snapshotId);
}

const repairChoice = { readOnly: false, access: 'password', hours: 1 } as const;
const timeoutMs = 5_000;
const simple = (
  kind: Operation['kind'],
  ask: (bench: Bench, id: string) => Promise<Operation>,
  running = true,
): Scenario => ({
  kind,
  parts: ['begin', kind, 'finish'],
  actions: [kind],
  prepare: async (bench) => {
    const id = await container(bench, running);
    return () => ask(bench, id);
  },
});

export const scenarios: readonly Scenario[] = [
  {
    kind: 'create',
    parts: ['begin', 'prepare', 'start', 'finish'],
    actions: ['prepare', 'start'],
    prepare: async (bench) => () => create(bench, true),
  },
  {
    kind: 'clone',
    parts: ['begin', 'prepare', 'start', 'finish'],
    actions: ['prepare', 'start'],
    prepare: async (bench) => {
      const id = await container(bench);
      made += 1;
      const name = `copy-${made}`;
      return () => cloneContainer(bench.owner, id, { name, start: true });
    },
  },
  {
    kind: 'export',
    parts: ['begin', 'snapshot', 'pack', 'tidy', 'finish'],
    actions: ['snapshot', 'pack', 'tidy'],
    prepare: async (bench) => {
      const id = await container(bench);
      return () => exportContainer(bench.owner, id);
    },
  },
  {
    kind: 'import',
    parts: ['begin', 'unpack', 'start', 'finish'],
    actions: ['unpack', 'start'],
    prepare: async (bench) => {
      const id = await container(bench);
      const done = await succeeded(bench.owner, await exportContainer(bench.owner, id));
      const file = await downloadExport(bench.owner, done.id, new Request('http://panel.test'));
      const archive = new Uint8Array(await file.arrayBuffer());
      const { ids } = bench.world;
      const size = { tenantId: ids.a, planId: ids.plan, sizeBytes: archive.length };
      const { id: importId } = await startImport(bench.admin, { ...size, hostId: bench.agent.hostId });
      await sendUpload(bench.admin, importId, 0, new Request('http://panel.test', { method: 'PUT', body: archive }));
      made += 1;
      const name = `import-${made}`;
      return () => importContainer(bench.admin, { importId, name, sshKeys: [], start: true });
    },
  },
  {
    kind: 'undelete',
    parts: ['begin', 'recreate', 'start', 'finish'],
    actions: ['recreate', 'start'],
    prepare: async (bench) => {
      const { id } = await backedUp(bench);
      await succeeded(bench.admin, await removeContainer(bench.admin, id));
      return () => undeleteContainer(bench.owner, id, { acceptNewAddress: false, start: true });
    },
  },
  simple('start', ({ owner }, id) => startContainer(owner, id), false),
  simple('stop', ({ owner }, id) => stopContainer(owner, id, { timeoutMs })),
  simple('restart', ({ owner }, id) => restartContainer(owner, id, { timeoutMs })),
  simple('kill', ({ owner }, id) => killContainer(owner, id)),
  simple('configure', ({ admin, world }, id) => configureContainer(admin, id, { planId: world.ids.plan })),
  simple('access', ({ owner }, id) => setAccess(owner, id, { rootPassword: 'a new password', sshKeys: [] })),
  simple('restart-policy', ({ owner }, id) => setRestartPolicy(owner, id, { restartPolicy: 'always' })),
  simple('forwards', ({ owner }, id) => addForward(owner, id, { protocol: 'tcp', containerPort: 80 })),
  simple('snapshot', ({ owner }, id) => createSnapshot(owner, id, { name: '' })),
  simple('repair', ({ owner }, id) => repairContainer(owner, id, repairChoice)),
  simple('delete', ({ admin }, id) => removeContainer(admin, id)),
  {
    kind: 'handover',
    parts: ['begin', 'access', 'move', 'finish'],
    actions: ['move'],
    prepare: async (bench) => {
      const id = await container(bench);
      return () => askHandover(bench, id);
    },
  },
  {
    kind: 'repair-finish',
    parts: ['begin', 'end', 'finish'],
    actions: ['end'],
    prepare: async (bench) => {
      const id = await container(bench);
      await succeeded(bench.owner, await repairContainer(bench.owner, id, repairChoice));
      return () => finishRepair(bench.owner, id);
    },
  },
  {
    kind: 'snapshot-delete',
    parts: ['begin', 'delete', 'finish'],
    actions: ['delete'],
    prepare: async (bench) => {
      const snapshotId = await held(bench);
      return () => removeSnapshot(bench.owner, snapshotId);
    },
  },
  {
    kind: 'rollback',
    parts: ['begin', 'snapshot', 'prepare', 'swap', 'tidy', 'finish'],
    actions: ['snapshot', 'prepare', 'swap'],
    prepare: async (bench) => {
      const snapshotId = await held(bench);
      return () => rollBack(bench.owner, snapshotId);
    },
  },
  {
    kind: 'backup',
    parts: ['begin', 'snapshot', 'upload', 'verify', 'tidy', 'finish'],
    actions: ['snapshot', 'upload', 'verify', 'tidy'],
    prepare: async (bench) => {
      const id = await container(bench);
      return () => createBackup(bench.owner, id, { note: '' });
    },
  },
  {
    kind: 'restore',
    parts: ['begin', 'fetch', 'swap', 'finish'],
    actions: ['fetch', 'swap'],
    prepare: async (bench) => {
      const { backupId } = await backedUp(bench);
      return () => restoreBackup(bench.owner, backupId);
    },
  },
  {
    kind: 'restore-into',
    parts: ['begin', 'fetch', 'swap', 'finish'],
    actions: ['fetch', 'swap'],
    prepare: async (bench) => {
      const { backupId } = await backedUp(bench);
      const containerId = (await succeeded(bench.admin, await create(bench, true, 'b'))).containerId ?? '';
      await giveConsent(bench.owner, backupId, { containerId, hours: 1 });
      return () => restoreBackupInto(bench.admin, backupId, { containerId });
    },
  },
  {
    kind: 'open-backup',
    parts: ['begin', 'open', 'finish'],
    actions: ['open'],
    prepare: async (bench) => {
      const { id, backupId } = await backedUp(bench);
      const input = { backupId };
      return () => requestOperation(bench.owner, { kind: 'open-backup', containerId: id, input });
    },
  },
  {
    kind: 'restore-files',
    parts: ['begin', 'copy', 'finish'],
    actions: ['copy'],
    prepare: async (bench) => {
      const { backupId } = await backedUp(bench);
      const paths = [Buffer.from('/root/note').toString('base64')];
      return () => restoreFilesOfBackup(bench.owner, backupId, { paths, mode: 'overwrite' });
    },
  },
  {
    kind: 'recover',
    parts: ['begin', 'snapshot', 'recover', 'finish'],
    actions: ['snapshot', 'recover'],
    prepare: async (bench) => {
      const id = await container(bench);
      return () => recoverFiles(bench.owner, id, { allSystemFiles: true });
    },
  },
  {
    kind: 'reinstall',
    parts: ['begin', 'prepare', 'swap', 'finish'],
    actions: ['prepare', 'swap'],
    prepare: async (bench) => {
      const id = await container(bench);
      return () => reinstallContainer(bench.owner, id, { keepOld: true, reset: false });
    },
  },
  {
    kind: 'undo',
    parts: ['begin', 'swap', 'finish'],
    actions: ['swap'],
    prepare: async (bench) => {
      const done = await reinstalled(bench);
      return () => undoOperation(bench.owner, done.id);
    },
  },
  {
    kind: 'confirm',
    parts: ['begin', 'release', 'finish'],
    actions: ['release'],
    prepare: async (bench) => {
      const done = await reinstalled(bench);
      return () => confirmOperation(bench.owner, done.id);
    },
  },
  {
    kind: 'backup-check',
    parts: ['begin', 'check', 'finish'],
    actions: ['check'],
    prepare: async (bench) => {
      const { id } = await backedUp(bench);
      return () => checkBackups(bench.owner, id);
    },
  },
  {
    kind: 'backup-test',
    parts: ['begin', 'test', 'finish'],
    actions: ['test'],
    prepare: async (bench) => {
      const { backupId } = await backedUp(bench);
      return () => testBackup(bench.owner, backupId);
    },
  },
  {
    kind: 'backup-delete',
    parts: ['begin', 'forget', 'finish'],
    actions: ['forget'],
    prepare: async (bench) => {
      const { backupId } = await backedUp(bench);
      return () => removeBackup(bench.owner, backupId);
    },
  },
  {
    kind: 'template-build',
    parts: ['begin', 'build', 'finish'],
    actions: ['build'],
    prepare: async (bench) => () => buildTemplate(bench.admin, { name: 'tiny', hostId: bench.agent.hostId }),
  },
];
