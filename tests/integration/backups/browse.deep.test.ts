/** Files of backups by people's verbs: looked at, compared, previewed and put back, over the simulator and over a real host. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackup } from '#lib/backups/create.ts';
import { compareBackup, listBackupFiles, previewRestore, readBackupFile } from '#lib/backups/files.ts';
import { listBackups } from '#lib/backups/list.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { restoreFilesOfBackup } from '#lib/backups/restore-files.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { listOperations } from '#lib/operations/list.ts';
import { writtenSince } from '#lib/operations/written.ts';
import { type Bench, startBench, succeeded } from '../../support/operations.ts';
import { container } from '../../support/scenarios.ts';

const base64 = (path: string) => Buffer.from(path).toString('base64');
const text = (encoded: string) => Buffer.from(encoded, 'base64').toString();
const usual = { sort: 'name', descending: false, match: '', limit: 200 } as const;
let bench: Bench;
let id: string;
let backupId: string;
let laterId: string;

describe.each(['sim', 'real'] as const)('backups on a host (%s)', (kind) => {
  const sh = (script: string) =>
    execInContainer(bench.owner, id, { argv: ['/bin/sh', '-c', script], timeoutMs: 5_000 });
  const backUp = async () => {
    await succeeded(bench.owner, await createBackup(bench.owner, id, { note: '' }));
    return (await listBackups(bench.owner, id, {})).items[0]?.id ?? '';
  };
  const opened = async () =>
    (await listOperations(bench.owner, { containerId: id, limit: 200 })).items.filter(
      (one) => one.kind === 'open-backup',
    );

  beforeAll(async () => {
    bench = await startBench(kind);
    id = await container(bench);
    await sh('echo good > /root/file');
    await sh('echo gone > /root/gone');
    backupId = await backUp();
    await sh('echo bad > /root/file');
    await sh('rm /root/gone');
    await sh('echo new > /root/new');
    laterId = await backUp();
  });
  afterAll(async () => {
    await bench?.stop();
  });

  it('are opened by the first look and stay open; content comes as an attachment', async () => {
    const list = () => listBackupFiles(bench.owner, backupId, { ...usual, path: base64('/root') });
    const names = (await list()).items.map(({ name }) => text(name));
    expect(names).toEqual(expect.arrayContaining(['file', 'gone']));
    expect(names).not.toContain('new');
    await list();
    expect(await opened()).toHaveLength(1);
    const answer = await readBackupFile(bench.owner, backupId, base64('/root/file'), new AbortController().signal);
    expect(await answer.text()).toBe('good\n');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  });

  it('are nobody else’s to look into', async () => {
    const query = { ...usual, path: base64('/') };
    await expect(listBackupFiles(bench.admin, backupId, query)).rejects.toMatchObject({ code: 'forbidden' });
    const compared = compareBackup(bench.admin, backupId, { with: 'now', path: base64('/') });
    await expect(compared).rejects.toMatchObject({ code: 'forbidden' });
    await expect(previewRestore(bench.admin, backupId, {})).rejects.toMatchObject({ code: 'forbidden' });
    await expect(listBackupFiles(bench.owner, id, query)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are compared with each other and with now', async () => {
    const path = base64('/root');
    const found = await compareBackup(bench.owner, backupId, { with: laterId, path });
    expect(found).toMatchObject({
      added: { count: 1 },
      changed: { count: 1, bytes: 5 },
      removed: { count: 1 },
      whole: true,
    });
    expect(found.folders.map(({ name }) => text(name)).sort()).toEqual(['file', 'gone', 'new']);
    const now = await compareBackup(bench.owner, laterId, { with: 'now', path });
    expect(now).toMatchObject({ added: { count: 0 }, changed: { count: 0 }, removed: { count: 0 } });
  });

  it('say what a restore would do, and it does that', async () => {
    const paths = [base64('/root/file'), base64('/root/gone')];
    expect(await previewRestore(bench.owner, backupId, { paths })).toMatchObject({
      ...{ new: { count: 1 }, changed: { count: 1 }, deleted: { count: 0 }, same: 0 },
    });
    const whole = await previewRestore(bench.owner, backupId, {});
    expect(whole.first).toContainEqual(expect.objectContaining({ path: base64('/root/new'), difference: 'deleted' }));
    const missing = await succeeded(
      bench.owner,
      await restoreFilesOfBackup(bench.owner, backupId, { paths, mode: 'missing' }),
    );
    expect(missing.result).toMatchObject({ restored: 1, same: 0, left: 1 });
    expect((await sh('cat /root/gone')).stdout).toBe('gone\n');
    const both = await succeeded(
      bench.owner,
      await restoreFilesOfBackup(bench.owner, backupId, { paths, mode: 'overwrite' }),
    );
    expect(both.result).toMatchObject({ restored: 1, same: 1, left: 0 });
    expect((await sh('cat /root/file')).stdout).toBe('good\n');
    expect(await previewRestore(bench.owner, backupId, { paths })).toMatchObject({ new: { count: 0 }, same: 2 });
  });

  it('and what was written since is told before anybody goes back', async () => {
    const restored = await succeeded(bench.owner, await restoreBackup(bench.owner, backupId));
    const before = await writtenSince(bench.owner, restored.id);
    await sh('echo since > /root/since');
    const after = await writtenSince(bench.owner, restored.id);
    expect(after.written.count).toBe(before.written.count + 1);
    await expect(writtenSince(bench.admin, restored.id)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('are looked into after their container is deleted too, and there is nothing to compare with or to put them into', async () => {
    await succeeded(bench.admin, await removeContainer(bench.admin, id));
    const { items } = await listBackupFiles(bench.owner, laterId, { ...usual, path: base64('/root') });
    expect(items.map(({ name }) => text(name))).toContain('new');
    const answer = await readBackupFile(bench.owner, laterId, base64('/root/new'), new AbortController().signal);
    expect(await answer.text()).toBe('new\n');
    expect(await compareBackup(bench.owner, laterId, { with: backupId, path: base64('/root') })).toBeTruthy();
    const state = { code: 'state', detail: expect.stringContaining('Bring it back from a backup first') };
    await expect(compareBackup(bench.owner, laterId, { with: 'now', path: base64('/') })).rejects.toMatchObject(state);
    await expect(previewRestore(bench.owner, laterId, {})).rejects.toMatchObject(state);
    await expect(listBackupFiles(bench.admin, laterId, { ...usual, path: base64('/') })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
