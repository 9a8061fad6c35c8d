/** Reading backups back, against the simulated host: what is due, part by part, what is then said of each backup, and to whom. */
import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CheckOrder } from '#agent/adapters.ts';
import { systemActor } from '#lib/access/actor.ts';
import { checkBackups, getBackupCheck } from '#lib/backups/check.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { runChecks } from '#lib/backups/run-checks.ts';
import { createContainer } from '#lib/containers/create.ts';
import type { Backup } from '#lib/contract/backups.ts';
import { checkDays, wholeForDays } from '#lib/contract/integrity.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { getDashboard } from '#lib/dashboard/get.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { backups, repositories } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { repositoryChecks } from '#lib/db/schema/repository-checks.ts';
import { actorFor } from '../../support/portal.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const asSystem = systemActor('test');
const dayMs = 86_400_000;
let bench: SimBench;
let containerId = '';

beforeAll(async () => {
  bench = await startSimBench();
  const asked = await createContainer(bench.admin, {
    name: 'checked',
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
async function rowOf(id: string) {
  const [row] = await withActor(bench.portal.super, asSystem, (tx) =>
    tx.select().from(backups).where(eq(backups.id, id)),
  );
  if (row === undefined) throw new Error('no row');
  return row;
}
const health = async (id: string) => (await items()).find((one) => one.id === id)?.health;
async function look(count = 1): Promise<void> {
  setDatabase(bench.portal.worker);
  const tools = { baseUrl: 'https://panel.test', log: { warn: (detail: unknown) => expect(detail).toBeUndefined() } };
  await Promise.all(Array.from({ length: count }, () => runChecks(tools))).finally(() => setDatabase(bench.portal.web));
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
  withActor(bench.portal.super, asSystem, (tx) => tx.update(repositoryChecks).set({ nextAt: new Date(0) }));
const mails = async () =>
  (
    await bench.portal.super.$client.query<{ recipient: string; subject: string }>(
      'select recipient, subject from outbox order by recipient',
    )
  ).rows;
/** As if its record at the location had gone by itself. */
async function lose(id: string): Promise<void> {
  const [row] = await withActor(bench.portal.super, asSystem, (tx) =>
    tx
      .select({ backup: backups, locationId: repositories.locationId })
      .from(backups)
      .innerJoin(repositories, eq(repositories.id, backups.repositoryId))
      .where(eq(backups.id, id)),
  );
  if (row === undefined) throw new Error('no such backup');
  const location = { kind: 'directory' as const, id: row.locationId, path: '/' };
  const repository = { tenantId: row.backup.tenantId, location, password: '', recoveryPassword: '' };
  await bench.host.core.adapters.backups.forget(repository, row.backup.resticSnapshotId);
}

it('says that a new backup is whole: all of it was read back', async () => {
  const made = await backUp();
  expect(made.health).toEqual({ state: 'whole', at: made.verifiedAt, missing: [] });
});

it('begins the first part a day after the first backup, once, whoever looks; then the next, until all is read', async () => {
  await look();
  expect(await runQueued()).toEqual([]);
  const before = await getBackupCheck(bench.owner, containerId);
  expect(Date.parse(String(before.nextAt)) - Date.now()).toBeGreaterThan(dayMs * 0.9);
  const old = new Date(Date.now() - 20 * dayMs);
  const [first] = await items();
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx.update(backups).set({ createdAt: old, healthAt: old, verifiedAt: old }),
  );
  for (let part = 1; part <= checkDays; part += 1) {
    await dueNow();
    await look(3);
    await look();
    const done = await runQueued();
    expect(done).toMatchObject([
      {
        kind: 'backup-check',
        state: 'succeeded',
        actor: { kind: 'schedule' },
        result: { part: `${part} of ${checkDays}` },
      },
    ]);
    expect((await getBackupCheck(bench.owner, containerId)).part.done).toBe(part % checkDays);
    // Known to be whole since the round began, and not before it has ended.
    const { at } = (await health(String(first?.id))) ?? {};
    expect(Date.parse(String(at)) > old.getTime()).toBe(part === checkDays);
  }
  const after = await getBackupCheck(bench.owner, containerId);
  expect(after).toMatchObject({ problem: null, found: [], days: checkDays });
  expect(after.roundEndedAt).not.toBeNull();
});

it('does not call whole what nobody has looked at for long', async () => {
  const [one] = await items();
  const long = new Date(Date.now() - (wholeForDays + 1) * dayMs);
  const set = (healthAt: Date) =>
    withActor(bench.portal.super, asSystem, (tx) =>
      tx
        .update(backups)
        .set({ healthAt })
        .where(eq(backups.id, String(one?.id))),
    );
  await set(long);
  expect(await health(String(one?.id))).toMatchObject({ state: 'unchecked' });
  await set(new Date());
});

it('lets a person have everything read back at once, one at a time, and none whose container it is not', async () => {
  const asked = await checkBackups(bench.owner, containerId);
  await expect(checkBackups(bench.owner, containerId)).rejects.toMatchObject({ code: 'already' });
  await expect(checkBackups(actorFor(bench.world, 'ownerB'), containerId)).rejects.toMatchObject({ code: 'not_found' });
  await expect(checkBackups(bench.admin, containerId)).rejects.toMatchObject({ code: 'forbidden' });
  await dueNow();
  await look();
  expect(await runQueued()).toMatchObject([{ id: asked.id, state: 'succeeded', result: { part: '1 of 1' } }]);
});

it('names a damaged backup, tells owners and administrators once, and looks again when a backup was made since', async () => {
  const second = await backUp();
  await lose(second.id);
  await bench.run(await checkBackups(bench.owner, containerId));
  expect(await health(second.id)).toMatchObject({ state: 'damaged', missing: ['/'] });
  const others = (await items()).filter((one) => one.id !== second.id);
  for (const other of others) expect(other.health.state).toBe('whole');
  expect((await getBackupCheck(bench.owner, containerId)).found).toMatchObject([{ what: 'snapshot', healed: 'no' }]);
  await look(3);
  await look();
  const told = await mails();
  expect(told.map((mail) => mail.subject)).toEqual(told.map(() => 'A backup of checked is damaged'));
  expect(told.map((mail) => mail.recipient)).toEqual([...new Set(told.map((mail) => mail.recipient))]);
  expect(told.length).toBeGreaterThanOrEqual(2);
  const problems = (await getDashboard(bench.admin)).problems.filter((one) => one.kind === 'backup-damaged');
  expect(problems).toMatchObject([{ title: 'A backup of checked is damaged', containerId }]);
  expect(await runQueued()).toEqual([]);
  await backUp();
  await look();
  expect(await runQueued()).toMatchObject([{ kind: 'backup-check', state: 'succeeded' }]);
  await look();
  expect(await runQueued()).toEqual([]);
  expect(await mails()).toHaveLength(told.length);
});

it('leaves out what lies in a directory of the host its container was on before: out of reach is not damaged', async () => {
  const away = await backUp();
  await lose(away.id);
  const madeOn = (hostId: string, ...ids: string[]) =>
    withActor(bench.portal.super, asSystem, (tx) =>
      tx.update(operations).set({ hostId }).where(inArray(operations.id, ids)),
    );
  await madeOn(bench.world.ids.host, away.operationId);
  const state = away.health.state;
  await bench.run(await checkBackups(bench.owner, containerId));
  expect(await health(away.id)).toMatchObject({ state });
  // But the host is told that it is there, and keeps what is kept for it.
  const { check } = bench.host.core.adapters.backups;
  const orders: CheckOrder[] = [];
  bench.host.core.adapters.backups.check = (repository, order, ...rest) => {
    orders.push(order);
    return check(repository, order, ...rest);
  };
  await bench.run(await checkBackups(bench.owner, containerId));
  bench.host.core.adapters.backups.check = check;
  const { resticSnapshotId } = await rowOf(away.id);
  expect(orders).toMatchObject([{ others: [resticSnapshotId] }]);
  expect(orders[0]?.snapshots.map((one) => one.resticSnapshotId)).not.toContain(resticSnapshotId);
  // Nor does one that was found damaged there have everything read back again and again.
  await madeOn(bench.host.made.hostId, away.operationId);
  await bench.run(await checkBackups(bench.owner, containerId));
  expect(await health(away.id)).toMatchObject({ state: 'damaged' });
  await madeOn(
    bench.world.ids.host,
    ...(await items()).filter((one) => one.health.state === 'damaged').map((one) => one.operationId),
  );
  await backUp();
  await look();
  expect(await runQueued()).toEqual([]);
});

it('says why one could not be done, and nothing of the backups; it is tried again', async () => {
  const before = (await items()).map((one) => one.health);
  const adapter = bench.host.core.adapters.backups;
  const { check } = adapter;
  adapter.check = async () => {
    throw new Error('the disk is gone');
  };
  const done = await bench.run(await checkBackups(bench.owner, containerId));
  adapter.check = check;
  expect(done).toMatchObject({ state: 'failed' });
  expect((await items()).map((one) => one.health)).toEqual(before);
  const { problem, nextAt } = await getBackupCheck(bench.owner, containerId);
  expect(problem).toContain('could not carry this out');
  expect(Date.parse(String(nextAt)) - Date.now()).toBeLessThan(2 * 3_600_000);
});
