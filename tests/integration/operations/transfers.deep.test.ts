/** Containers out as one file and in again by people's verbs, over the simulator and over a real host. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eq, isNotNull } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { cloneContainer } from '#lib/containers/clone.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { getContainer } from '#lib/containers/get.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { repairContainer } from '#lib/containers/repair.ts';
import { ImportReport } from '#lib/contract/transfers.ts';
import { withActor } from '#lib/db/client.ts';
import { imports } from '#lib/db/schema/imports.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { getOperation } from '#lib/operations/get.ts';
import { retryOperation } from '#lib/operations/retry.ts';
import { listTemplates } from '#lib/templates/list.ts';
import { downloadExport } from '#lib/transfers/download.ts';
import { exportContainer } from '#lib/transfers/export.ts';
import { giveUpImport } from '#lib/transfers/give-up.ts';
import { importContainer } from '#lib/transfers/import.ts';
import { getUpload, listUploads, sendUpload, startImport } from '#lib/transfers/uploads.ts';
import { forgetOld } from '#lib/workflows/sweeps.ts';
import { type Bench, ended, startBench, succeeded } from '../../support/operations.ts';
import { actorFor } from '../../support/portal.ts';
import { container } from '../../support/scenarios.ts';

let bench: Bench;
let id: string;
let file: Uint8Array<ArrayBuffer>;
let importedId: string;

describe.each(['sim', 'real'] as const)('on a host (%s)', (kind) => {
  beforeAll(async () => {
    bench = await startBench(kind);
    id = await container(bench);
  });
  afterAll(async () => {
    await bench?.stop();
  });

  const sh = async (containerId: string, script: string) => {
    const argv = ['/bin/sh', '-c', script];
    return (await execInContainer(bench.owner, containerId, { argv, timeoutMs: 5_000 })).stdout.trim();
  };
  const get = (headers: Record<string, string> = {}) => new Request('http://panel.test', { headers });
  const put = (body: Uint8Array<ArrayBuffer>) => new Request('http://panel.test', { method: 'PUT', body });
  const open = (change: object = {}) => {
    const { ids } = bench.world;
    return startImport(bench.owner, { tenantId: ids.a, planId: ids.plan, sizeBytes: file.length, ...change });
  };
  const forget = () =>
    withActor(bench.portal.super, systemActor('test'), (tx) => tx.update(imports).set({ expiresAt: new Date(0) }));

  it('a container is exported by its owner alone, and the file fetched in parts', async () => {
    const { owner, admin } = bench;
    await sh(id, 'echo carried > /root/file');
    await expect(exportContainer(admin, id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(exportContainer(actorFor(bench.world, 'ownerB'), id)).rejects.toMatchObject({ code: 'not_found' });
    const done = await succeeded(owner, await exportContainer(owner, id));
    expect(done.steps.map((step) => step.state)).toEqual(['done', 'done', 'done']);
    const whole = await downloadExport(owner, done.id, get());
    expect(whole.status).toBe(200);
    file = new Uint8Array(await whole.arrayBuffer());
    expect(file.length).toBe(done.result.bytes);
    expect(whole.headers.get('content-disposition')).toMatch(/\.tar\.zst"(;|$)/);
    const etag = whole.headers.get('etag') ?? '';
    const rest = await downloadExport(owner, done.id, get({ range: 'bytes=100-', 'if-range': etag }));
    expect([rest.status, rest.headers.get('content-range')]).toEqual([
      206,
      `bytes 100-${file.length - 1}/${file.length}`,
    ]);
    expect(Buffer.from(await rest.arrayBuffer()).equals(Buffer.from(file).subarray(100))).toBe(true);
    const other = await downloadExport(owner, done.id, get({ range: 'bytes=100-', 'if-range': '"another"' }));
    expect(other.status).toBe(200);
    await other.arrayBuffer();
    expect((await downloadExport(owner, done.id, get({ range: `bytes=${file.length}-` }))).status).toBe(416);
    await expect(downloadExport(admin, done.id, get())).rejects.toMatchObject({ code: 'forbidden' });
    const stranger = downloadExport(actorFor(bench.world, 'ownerB'), done.id, get());
    await expect(stranger).rejects.toMatchObject({ code: 'not_found' });
    await expect(downloadExport(owner, uuidv7(), get())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('an upload goes on after an interruption, within the plan, for whom it is', async () => {
    const { owner, world } = bench;
    await expect(open({ sizeBytes: 2 ** 39 })).rejects.toMatchObject({ code: 'plan_limit' });
    const foreign = uuidv7();
    await withActor(bench.portal.super, systemActor('test'), async (tx) => {
      const [plan] = await tx.select().from(plans).where(eq(plans.id, world.ids.plan));
      if (plan !== undefined) await tx.insert(plans).values({ ...plan, id: foreign, name: 'Another' });
    });
    await expect(open({ planId: foreign })).rejects.toMatchObject({ code: 'plan_limit' });
    const forB = startImport(owner, { tenantId: world.ids.b, planId: world.ids.plan, sizeBytes: 1024 });
    await expect(forB).rejects.toMatchObject({ code: 'not_found' });
    const known = { fileName: 'web.tar.zst', fingerprint: 'a'.repeat(64) };
    const { id: uploadId } = await open(known);
    const half = Math.floor(file.length / 2);
    expect(await sendUpload(owner, uploadId, 0, put(file.slice(0, half)))).toMatchObject({ receivedBytes: half });
    const early = importContainer(owner, { importId: uploadId, name: 'early', sshKeys: [], start: false });
    await expect(early).rejects.toMatchObject({ code: 'state' });
    // What was sent twice is not taken twice.
    expect(await sendUpload(owner, uploadId, 0, put(file.slice(0, half)))).toMatchObject({ receivedBytes: half });
    expect(await getUpload(owner, uploadId)).toMatchObject({ receivedBytes: half });
    // Whoever comes anew finds it, with what tells its file; a stranger does not.
    const list = async (actor = owner, tenantId = world.ids.a) =>
      (await listUploads(actor, { tenantId, limit: 50 })).items;
    expect(await list()).toEqual([expect.objectContaining({ id: uploadId, receivedBytes: half, ...known })]);
    expect(await list(actorFor(world, 'ownerB'))).toEqual([]);
    expect(await list(bench.admin, world.ids.b)).toEqual([]);
    const strange = sendUpload(actorFor(world, 'ownerB'), uploadId, half, put(file.slice(half)));
    await expect(strange).rejects.toMatchObject({ code: 'not_found' });
    // Nor is what is far too much for it left in the way of what follows.
    const large = await sendUpload(owner, uploadId, 0, put(new Uint8Array(file.length)));
    expect(large).toMatchObject({ receivedBytes: half });
    await sendUpload(owner, uploadId, half, put(file.slice(half)));

    const taken = importContainer(owner, {
      importId: uploadId,
      name: (await getContainer(owner, id)).name,
      ...{ sshKeys: [], start: false },
    });
    await expect(taken).rejects.toMatchObject({ code: 'conflict' });
    const wish = { importId: uploadId, name: 'came-in', sshKeys: [], start: true };
    const done = await succeeded(owner, await importContainer(owner, wish));
    expect(ImportReport.parse(done.result.report)).toMatchObject({
      init: 'busybox',
      manifest: { format: 1, product: 'Berth' },
    });
    importedId = done.containerId ?? '';
    const made = await getContainer(owner, importedId);
    expect(made).toMatchObject({ name: 'came-in', state: 'running', template: { name: 'imported' } });
    expect(await sh(importedId, 'cat /root/file')).toBe('carried');
    const again = importContainer(owner, { ...wish, name: 'twice' });
    await expect(again).rejects.toMatchObject({ code: 'not_found' });
    expect(await list()).toEqual([]);
  });

  it('an archive can be given up, also in the middle of a piece: its place and its room are free at once', async () => {
    const { owner, world } = bench;
    const there = (uploadId: string) => existsSync(join(bench.agent.config.poolPath, 'transfers', uploadId));
    const sizeBytes = 4096;
    const ids = [];
    for (let i = 0; i < 3; i += 1) ids.push((await open({ sizeBytes })).id);
    const [one = '', two = ''] = ids;
    await sendUpload(owner, one, 0, put(new Uint8Array(1024)));
    const endless = new ReadableStream<Uint8Array>({ start: (out) => out.enqueue(new Uint8Array(100)) });
    const request = new Request('http://panel.test', { method: 'PUT', body: endless, duplex: 'half' } as RequestInit);
    const arriving = sendUpload(owner, two, 0, request).then(
      () => 'taken',
      () => 'cut off',
    );
    const another = () => sendUpload(owner, two, 0, put(new Uint8Array(10)));
    await vi.waitFor(() => expect(another()).rejects.toMatchObject({ code: 'busy' }), {
      timeout: 10_000,
      interval: 100,
    });
    // Busy is said from before its file is there.
    if (kind === 'real') await vi.waitFor(() => expect([there(one), there(two)]).toEqual([true, true]), 10_000);
    await expect(open({ sizeBytes })).rejects.toMatchObject({ code: 'plan_limit' });
    await expect(giveUpImport(actorFor(world, 'ownerB'), one)).rejects.toMatchObject({ code: 'not_found' });
    for (const uploadId of ids) await giveUpImport(owner, uploadId);
    expect(await arriving).toBe('cut off');
    if (kind === 'real') expect([there(one), there(two)]).toEqual([false, false]);
    for (const uploadId of ids) await expect(getUpload(owner, uploadId)).rejects.toMatchObject({ code: 'not_found' });
    // Again, and one that has become a container: nothing happens.
    await giveUpImport(owner, one);
    const used = await withActor(bench.portal.super, systemActor('test'), (tx) =>
      tx.select().from(imports).where(isNotNull(imports.operationId)),
    );
    expect(used).toHaveLength(1);
    await giveUpImport(owner, String(used[0]?.id));
    for (let i = 0; i < 3; i += 1) await giveUpImport(owner, (await open({ sizeBytes })).id);
  });

  it('an imported container is one as any other, but for what needs a template', async () => {
    const { owner, world } = bench;
    expect((await listTemplates(owner, {})).items.map((one) => one.name)).not.toContain('imported');
    await succeeded(bench.admin, await removeContainer(bench.admin, id));
    const repair = repairContainer(owner, importedId, { readOnly: true, access: 'password', hours: 1 });
    await expect(repair).rejects.toMatchObject({ code: 'state' });
    const choice = { keepOld: false, reset: true, sshKeys: [] };
    await expect(reinstallContainer(owner, importedId, choice)).rejects.toMatchObject({ code: 'invalid' });
    const backedUp = await succeeded(owner, await createBackup(owner, importedId, {}));
    await sh(importedId, 'echo lost > /root/file');
    await succeeded(owner, await restoreBackup(owner, String(backedUp.result.backupId)));
    expect(await sh(importedId, 'cat /root/file')).toBe('carried');
    const copied = await succeeded(owner, await cloneContainer(owner, importedId, { name: 'copy-in', start: true }));
    expect(await sh(copied.containerId ?? '', 'cat /root/file')).toBe('carried');
    await succeeded(bench.admin, await removeContainer(bench.admin, copied.containerId ?? ''));
    const templateId = world.ids.template;
    await succeeded(owner, await reinstallContainer(owner, importedId, { ...choice, templateId }));
    expect((await getContainer(owner, importedId)).template.name).toBe('tiny');
  });

  it('what is no archive is refused, the upload stays for another try, and is forgotten in the end', async () => {
    const { owner } = bench;
    const broken = new Uint8Array(Buffer.alloc(2048, 'x'));
    const { id: uploadId } = await open({ sizeBytes: broken.length });
    await sendUpload(owner, uploadId, 0, put(broken));
    // The room of what was just removed counts when the host has told of it.
    const wish = { importId: uploadId, name: 'never', sshKeys: [], start: true };
    const asked = await vi.waitFor(() => importContainer(owner, wish), { timeout: 60_000, interval: 1000 });
    const failed = await ended(owner, asked);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'invalid', step: 'unpack' } });
    expect(await getContainer(owner, failed.containerId ?? '')).toMatchObject({ state: 'deleted', deleted: null });
    expect(await getUpload(owner, uploadId)).toMatchObject({ receivedBytes: broken.length });
    const again = await ended(owner, await retryOperation(owner, failed.id));
    expect(again).toMatchObject({ state: 'failed', attempt: 2 });
    expect((await getOperation(owner, failed.id)).error?.detail).toMatch(/no tar archive/);
    await forget();
    await expect(getUpload(owner, uploadId)).rejects.toMatchObject({ code: 'not_found' });
    const roomy = () => vi.waitFor(() => open({ sizeBytes: 1024 }), { timeout: 60_000, interval: 1000 });
    const three = [];
    for (let i = 0; i < 3; i += 1) three.push((await roomy()).id);
    await expect(open({ sizeBytes: 1024 })).rejects.toMatchObject({ code: 'plan_limit' });
    // One that was refused makes room for the next.
    const [first = ''] = three;
    await withActor(bench.portal.super, systemActor('test'), (tx) =>
      tx
        .update(operations)
        .set({ input: { importId: first, start: true } })
        .where(eq(operations.id, failed.id)),
    );
    await open({ sizeBytes: 1024 });
    await expect(getUpload(owner, first)).rejects.toMatchObject({ code: 'not_found' });
    await expect(open({ sizeBytes: 1024 })).rejects.toMatchObject({ code: 'plan_limit' });
    await forget();
    // Rows nobody may go on with go too; what is on its way stays.
    const { id: onItsWay } = await roomy();
    await forgetOld(bench.portal.worker);
    const left = await withActor(bench.portal.super, systemActor('test'), (tx) => tx.select().from(imports));
    expect(left.map((row) => row.id)).toEqual([onItsWay]);
  });
});
