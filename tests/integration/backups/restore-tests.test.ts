/** Restore tests and commands around backups, against the simulated host: what is due, what the proof says, who hears of a failure. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { getBackupCare, getBackupCommands, getBackupTest, setBackupCare } from '#lib/backups/care.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { removeBackup } from '#lib/backups/remove.ts';
import { runTests } from '#lib/backups/run-tests.ts';
import { testBackup } from '#lib/backups/test.ts';
import { createContainer } from '#lib/containers/create.ts';
import { startContainer } from '#lib/containers/start.ts';
import type { Backup } from '#lib/contract/backups.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { getDashboard } from '#lib/dashboard/get.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { backupCare } from '#lib/db/schema/backup-care.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { actorFor } from '../../support/portal.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const asSystem = systemActor('test');
const dayMs = 86_400_000;
let bench: SimBench;
let containerId = '';

beforeAll(async () => {
  bench = await startSimBench();
  const asked = await createContainer(bench.admin, {
    name: 'tested',
    tenantId: bench.world.ids.a,
    planId: bench.planIds.large,
    templateId: bench.templateIds.tiny,
    hostId: bench.host.made.hostId,
    sshKeys: [],
    start: false,
  });
  expect(await bench.run(asked)).toMatchObject({ state: 'succeeded' });
  containerId = String(asked.containerId);
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx
      .update(containers)
      .set({ observedPower: 'stopped', observedAt: new Date(Date.now() + dayMs) })
      .where(eq(containers.id, containerId)),
  );
});
afterAll(async () => {
  await bench?.stop();
});

async function backUp(): Promise<Backup> {
  const done = await bench.run(await createBackup(bench.owner, containerId, {}));
  expect(done).toMatchObject({ state: 'succeeded' });
  const found = (await items()).find((one) => one.operationId === done.id);
  if (found === undefined) throw new Error('no backup');
  return found;
}
const items = async () => (await listBackups(bench.owner, containerId, {})).items;
async function look(count = 1): Promise<void> {
  setDatabase(bench.portal.worker);
  const tools = { baseUrl: 'https://panel.test', log: { warn: (detail: unknown) => expect(detail).toBeUndefined() } };
  await Promise.all(Array.from({ length: count }, () => runTests(tools))).finally(() => setDatabase(bench.portal.web));
}
async function runQueued(): Promise<Operation[]> {
  const { rows } = await bench.portal.super.$client.query<Operation>(
    `select id from operations where state = 'queued' order by queued_at`,
  );
  const done: Operation[] = [];
  for (const one of rows) done.push(await bench.run(one));
  return done;
}
const dueNow = () =>
  withActor(bench.portal.super, asSystem, (tx) => tx.update(backupCare).set({ nextTestAt: new Date(0) }));
const mails = async () =>
  (
    await bench.portal.super.$client.query<{ recipient: string; subject: string }>(
      'select recipient, subject from outbox order by recipient',
    )
  ).rows;
const markOf = async (id: string) => (await items()).find((one) => one.id === id)?.test;

it('tests the newest backup a day after the first one, once, whoever looks; the mark has the date, and nothing stays', async () => {
  await backUp();
  const newest = await backUp();
  await look();
  expect(await runQueued()).toEqual([]);
  const care = await getBackupCare(bench.owner, containerId);
  expect(care).toMatchObject({ testEvery: 'month', probe: null, last: null, failures: 0 });
  expect(Date.parse(String(care.nextTestAt)) - Date.now()).toBeGreaterThan(dayMs * 0.9);
  const { volumes } = bench.host.core.adapters;
  const before = volumes.listVolumes();
  await dueNow();
  await look(3);
  await look();
  expect(await runQueued()).toMatchObject([
    { kind: 'backup-test', state: 'succeeded', actor: { kind: 'schedule' }, result: { passed: true, init: 'up' } },
  ]);
  expect(volumes.listVolumes()).toEqual(before);
  expect(bench.host.core.store.containers.list().map((one) => one.id)).toEqual([containerId]);
  expect(await markOf(newest.id)).toMatchObject({ passed: true, why: null });
  const proof = await getBackupTest(bench.owner, newest.id);
  expect(proof).toMatchObject({ passed: true, boot: { state: 'up' }, probe: null });
  expect(proof.log).toContain('init started');
  await look();
  expect(await runQueued()).toEqual([]);
  const after = await getBackupCare(bench.owner, containerId);
  expect(Date.parse(String(after.nextTestAt)) - Date.now()).toBeGreaterThan(29 * dayMs);
});

it('one that cannot be begun is put off, with the reason, and keeps nobody else on its host waiting', async () => {
  const newest = await backUp();
  const says = (hostname: string | null) =>
    bench.portal.super.$client.query('update backups set hostname = $2 where id = $1', [newest.id, hostname]);
  await says(null);
  await dueNow();
  await look();
  expect(await runQueued()).toEqual([]);
  const care = await getBackupCare(bench.owner, containerId);
  expect(care).toMatchObject({ problem: 'Only a complete backup can be tested.' });
  expect(Date.parse(String(care.nextTestAt))).toBeGreaterThan(Date.now());
  await says('tested');
});

it('tells owners and administrators once of one that its probe does not pass, until one is passed', async () => {
  await setBackupCare(bench.owner, containerId, { probe: { argv: ['false'], timeoutMs: 5000 } });
  const [newest] = await items();
  const id = String(newest?.id);
  const done = await bench.run(await testBackup(bench.owner, id));
  expect(done).toMatchObject({ state: 'succeeded', result: { passed: false, probeExitCode: 1 } });
  expect(await markOf(id)).toMatchObject({ passed: false, why: 'The probe ended with exit code 1.' });
  await look(3);
  await look();
  const told = await mails();
  expect(told.map((mail) => mail.subject)).toEqual(told.map(() => 'A backup of tested did not pass its restore test'));
  expect(told.length).toBeGreaterThanOrEqual(2);
  expect(new Set(told.map((mail) => mail.recipient)).size).toBe(told.length);
  const failing = async () =>
    (await getDashboard(bench.admin)).problems.filter((one) => one.kind === 'backup-test-failed');
  expect(await failing()).toMatchObject([{ containerId }]);
  await setBackupCare(bench.owner, containerId, { probe: null });
  expect(await bench.run(await testBackup(bench.owner, id))).toMatchObject({ result: { passed: true } });
  expect(await failing()).toEqual([]);
});

it('is of the newest that the host reaches: not of one in a directory of the host its container was on before', async () => {
  const made = await backUp();
  const newest = await backUp();
  const madeOn = (hostId: string) =>
    withActor(bench.portal.super, asSystem, (tx) =>
      tx.update(operations).set({ hostId }).where(eq(operations.id, newest.operationId)),
    );
  await madeOn(bench.world.ids.host);
  await dueNow();
  await look();
  expect(await runQueued()).toMatchObject([{ kind: 'backup-test', result: { passed: true } }]);
  expect(await markOf(newest.id)).toBeNull();
  expect(await markOf(made.id)).toMatchObject({ passed: true });
  await madeOn(bench.host.made.hostId);
  await dueNow();
  await look();
  await runQueued();
  expect(await markOf(newest.id)).toMatchObject({ passed: true });
});

it('is for those who may look inside, one at a time, and holds the backup meanwhile', async () => {
  const [newest] = await items();
  const id = String(newest?.id);
  await expect(testBackup(bench.admin, id)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(testBackup(actorFor(bench.world, 'ownerB'), id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(getBackupTest(bench.admin, id)).rejects.toMatchObject({ code: 'forbidden' });
  const asked = await testBackup(bench.owner, id);
  await expect(testBackup(bench.owner, id)).rejects.toMatchObject({ code: 'already' });
  await expect(removeBackup(bench.owner, id)).rejects.toMatchObject({ code: 'busy' });
  expect(await bench.run(asked)).toMatchObject({ state: 'succeeded' });
});

it('says why a test could not be done, and nothing of the backup', async () => {
  const [newest] = await items();
  const id = String(newest?.id);
  const before = await markOf(id);
  const { volumes } = bench.host.core.adapters;
  const { create } = volumes;
  volumes.create = async () => {
    throw new Error('the disk is gone');
  };
  const done = await bench.run(await testBackup(bench.owner, id));
  volumes.create = create;
  expect(done).toMatchObject({ state: 'failed' });
  expect(await markOf(id)).toEqual(before);
  expect((await getBackupCare(bench.owner, containerId)).problem).toContain('could not carry this out');
});

it('runs commands around a backup of a running container, and shows what they printed to its people alone', async () => {
  const command = (...argv: string[]) => ({ argv, timeoutMs: 5000 });
  const commands = {
    before: command('echo', 'held'),
    after: command('echo', 'let go'),
    ifBeforeFails: 'fail' as const,
  };
  await setBackupCare(bench.owner, containerId, { commands });
  const silent = await backUp();
  expect(silent.commands).toBeNull(); // it does not run
  expect(await bench.run(await startContainer(bench.owner, containerId))).toMatchObject({ state: 'succeeded' });
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx.update(containers).set({ observedPower: 'running' }).where(eq(containers.id, containerId)),
  );
  const made = await backUp();
  expect(made.commands).toMatchObject({ before: { exitCode: 0 }, after: { exitCode: 0 } });
  expect(JSON.stringify(made)).not.toContain('let go');
  expect(await getBackupCommands(bench.owner, made.id)).toMatchObject({
    before: { output: 'held\n' },
    after: { output: 'let go\n' },
  });
  await expect(getBackupCommands(bench.admin, made.id)).rejects.toMatchObject({ code: 'forbidden' });

  await setBackupCare(bench.owner, containerId, { commands: { ...commands, before: command('false') } });
  const failed = await bench.run(await createBackup(bench.owner, containerId, {}));
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'action_failed' } });
  expect(failed.error?.detail).toContain('The command before the backup ended with exit code 1');
  await setBackupCare(bench.owner, containerId, {
    commands: { ...commands, before: command('false'), ifBeforeFails: 'go-on' },
  });
  expect((await backUp()).commands).toMatchObject({ before: { exitCode: 1 }, after: { exitCode: 0 } });
});
