/** What is proved of a backup that lies on a server elsewhere, and what comes out of it: by people's verbs and the worker's clock, over real servers. */
import { rmSync } from 'node:fs';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { getBackupTest, setBackupCare } from '#lib/backups/care.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { restoreFilesOfBackup } from '#lib/backups/restore-files.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { withActor } from '#lib/db/client.ts';
import { backupCare } from '#lib/db/schema/backup-care.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { chooseForContainer } from '#lib/locations/choose.ts';
import { createLocation } from '#lib/locations/create.ts';
import { getOperation } from '#lib/operations/get.ts';
import { type BackupServer, startRestServer, startS3Server } from '../../support/backup-servers.ts';
import { type Bench, startBench, succeeded } from '../../support/operations.ts';
import { container } from '../../support/scenarios.ts';
import { filesBelow } from '../backup/fixture.ts';

let bench: Bench;
let id: string;
beforeAll(async () => {
  bench = await startBench('real', { agent: { backupNetworks: ['127.0.0.1/32'] } });
  id = await container(bench);
});
afterAll(() => bench?.stop());

const base64 = (path: string) => Buffer.from(path).toString('base64');
const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) =>
  withActor(bench.portal.super, systemActor('test'), work);

describe.each([
  ['rest', () => startRestServer(true)],
  ['s3', () => startS3Server()],
] as const)('a backup at a location that speaks %s', (kind, start) => {
  let server: BackupServer;
  let backupId: string;
  const sh = async (script: string) => {
    const argv = ['/bin/sh', '-c', script];
    return (await execInContainer(bench.owner, id, { argv, timeoutMs: 10_000 })).stdout.trim();
  };
  beforeAll(async () => {
    server = await start();
    const { owner, admin } = bench;
    const { credentials, location } = server;
    const about = { name: `Over ${kind}`, url: location.url, credentials };
    const made = await createLocation(
      admin,
      location.kind === 's3'
        ? {
            ...{ kind: 's3', ...about, bucket: location.bucket, prefix: location.prefix, region: location.region },
            appendOnly: false,
          }
        : { kind: 'rest', ...about, appendOnly: true },
    );
    await chooseForContainer(admin, id, made.id);
    await sh('rm -rf /root/*; mkdir /root/books; echo kept > /root/books/ledger; echo other > /root/books/other; sync');
    await succeeded(owner, await createBackup(owner, id, {}), 120_000);
    const [newest] = (await listBackups(owner, id, {})).items;
    expect(newest).toMatchObject({ state: 'complete', location: { name: `Over ${kind}` } });
    backupId = newest?.id ?? '';
  }, 180_000);
  afterAll(() => server?.stop());

  /** What the worker's clock begins when the test is due, ended. */
  async function dueTest() {
    const begun = async () =>
      await asSystem((tx) => tx.select().from(operations).where(eq(operations.containerId, id)));
    const before = new Set((await begun()).map((one) => one.id));
    await asSystem((tx) =>
      tx
        .update(backupCare)
        .set({ nextTestAt: new Date(0) })
        .where(eq(backupCare.containerId, id)),
    );
    const found = async () => (await begun()).find((one) => one.kind === 'backup-test' && !before.has(one.id));
    await expect.poll(async () => (await found())?.endedAt ?? null, { timeout: 90_000 }).not.toBeNull();
    return await getOperation(bench.owner, (await found())?.id ?? '');
  }

  it('is restored and booted when its test is due, and shows the proof', async () => {
    const { owner, agent } = bench;
    const probe = { argv: ['/bin/sh', '-c', 'cat /root/books/ledger; ls /sys/class/net'], timeoutMs: 20_000 };
    await setBackupCare(owner, id, { testEvery: 'week', probe });
    await sh('echo changed since > /root/books/ledger');
    const there = (await agent.inventory()).map((one) => one.containerId);
    const done = await dueTest();
    expect(done).toMatchObject({ state: 'succeeded', actor: { kind: 'schedule' }, result: { passed: true } });
    const proof = await getBackupTest(owner, backupId);
    expect(proof).toMatchObject({ passed: true, boot: { state: 'up' }, probe: { exitCode: 0 } });
    expect(proof.probe?.output.trim()).toBe('kept\nlo');
    expect((await listBackups(owner, id, {})).items[0]?.test).toMatchObject({ passed: true, why: null });
    expect((await agent.inventory()).map((one) => one.containerId)).toEqual(there);
  }, 150_000);

  it('gives single files back in place and beside, and no others', async () => {
    const { owner } = bench;
    await sh('echo lost > /root/books/ledger; echo mine > /root/books/other');
    const order = { paths: [base64('/root/books/ledger')], mode: 'keep-both' as const };
    const back = async (more: Partial<Parameters<typeof restoreFilesOfBackup>[2]>) =>
      (await succeeded(owner, await restoreFilesOfBackup(owner, backupId, { ...order, ...more }), 120_000)).result;
    expect(await back({})).toMatchObject({ restored: 1 });
    expect(await sh('cat /root/books/ledger; cat "/root/books/ledger (backup"*')).toBe('lost\nkept');
    expect(await back({ mode: 'overwrite' })).toMatchObject({ restored: 1, same: 0 });
    await sh('mkdir /root/aside');
    expect(await back({ paths: [base64('/root/books')], target: base64('/root/aside') })).toMatchObject({
      restored: 1,
      left: 0,
    });
    expect(await sh('cat /root/books/ledger /root/books/other /root/aside/books/other')).toBe('kept\nmine\nother');
  }, 180_000);

  it('whose data is gone over there does not pass, and says so of itself alone', async () => {
    const { owner } = bench;
    for (const file of filesBelow(server.directory)) if (file.includes('/data/')) rmSync(file);
    const done = await dueTest();
    expect(done).toMatchObject({ actor: { kind: 'schedule' } });
    const [mark] = (await listBackups(owner, id, {})).items;
    expect({ state: done.state, test: mark?.test }).toMatchObject({ state: 'succeeded', test: { passed: false } });
    expect(mark?.test?.why).toMatch(/\S/);
  }, 150_000);
});
