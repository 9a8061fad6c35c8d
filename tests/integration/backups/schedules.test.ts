/** Scheduled backups against the simulated host: what is due runs once, what is previewed goes, who must hear of failures does. */
import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { editBackup } from '#lib/backups/edit.ts';
import { listBackups } from '#lib/backups/list.ts';
import { runSchedules } from '#lib/backups/run-schedules.ts';
import { getBackupSchedule, setBackupSchedule } from '#lib/backups/schedule.ts';
import { setBackupSettings } from '#lib/backups/settings.ts';
import { configureContainer } from '#lib/containers/configure.ts';
import { createContainer } from '#lib/containers/create.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { nextRun, type SetBackupSchedule } from '#lib/contract/schedules.ts';
import { getDashboard } from '#lib/dashboard/get.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { backupSchedules } from '#lib/db/schema/backup-schedules.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { smallResources } from '../../support/portal.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const asSystem = systemActor('test');
const none = { last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
const daily: SetBackupSchedule = {
  ...{ enabled: true, every: 'day', time: '03:30', weekday: 1, monthDay: 1, zone: 'Europe/Berlin' },
  keep: { ...none, last: 2 },
};
let bench: SimBench;
let names = 0;

beforeAll(async () => {
  bench = await startSimBench();
});
afterAll(async () => {
  await bench?.stop();
});
beforeEach(async () => {
  await bench.portal.super.$client.query('delete from backup_schedules; delete from outbox');
});

async function containerOn(limits: Partial<typeof plans.$inferInsert> = {}): Promise<string> {
  const planId = uuidv7();
  names += 1;
  const values = { id: planId, name: planId, resources: smallResources, maxForwards: 0, retentionHours: 24 };
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx.insert(plans).values({ ...values, maxBackups: 10, ...limits }),
  );
  const asked = await createContainer(bench.admin, {
    name: `scheduled-${names}`,
    tenantId: bench.world.ids.a,
    planId,
    templateId: bench.templateIds.tiny,
    hostId: bench.host.made.hostId,
    sshKeys: [],
    start: false,
  });
  expect(await bench.run(asked)).toMatchObject({ state: 'succeeded' });
  const id = String(asked.containerId);
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx
      .update(containers)
      .set({ observedPower: 'stopped', observedAt: new Date(Date.now() + 86_400_000) })
      .where(eq(containers.id, id)),
  );
  return id;
}

/** What a worker does every few seconds; `count` of them at the same time. */
async function look(count = 1): Promise<void> {
  setDatabase(bench.portal.worker);
  const tools = { baseUrl: 'https://panel.test', log: { warn: (detail: unknown) => expect(detail).toBeUndefined() } };
  await Promise.all(Array.from({ length: count }, () => runSchedules(tools))).finally(() =>
    setDatabase(bench.portal.web),
  );
}
async function queued(): Promise<Operation[]> {
  const { rows } = await bench.portal.super.$client.query<{ id: string; containerId: string }>(
    `select id, container_id as "containerId" from operations where state = 'queued' order by queued_at`,
  );
  return rows as unknown as Operation[];
}
const runAll = async () => {
  const done: Operation[] = [];
  for (const one of await queued()) done.push(await bench.run(one));
  return done;
};
const due = (id: string, at = new Date(0)) =>
  withActor(bench.portal.super, asSystem, (tx) =>
    tx.update(backupSchedules).set({ nextRunAt: at }).where(eq(backupSchedules.containerId, id)),
  );
const mails = async () =>
  (
    await bench.portal.super.$client.query<{ recipient: string }>('select recipient from outbox order by recipient')
  ).rows.map((row) => row.recipient);

it('runs once what was missed, however often and by however many workers it is looked at', async () => {
  const id = await containerOn();
  const set = await setBackupSchedule(bench.owner, id, daily);
  expect(Date.parse(String(set.nextRunAt))).toBeGreaterThan(Date.now());
  await look();
  expect(await queued()).toEqual([]);
  await due(id);
  await look(4);
  await look(2);
  const done = await runAll();
  expect(done).toMatchObject([{ state: 'succeeded', actor: { kind: 'schedule' } }]);
  await look();
  expect(await queued()).toEqual([]);
  const after = await getBackupSchedule(bench.owner, id);
  expect(after).toMatchObject({ failures: 0, problem: null, nextRunAt: set.nextRunAt });
  expect((await listBackups(bench.owner, id, {})).items).toMatchObject([{ scheduled: true, state: 'complete' }]);
});

it('lets go exactly what the preview said, and neither a protected backup nor one made by hand', async () => {
  const id = await containerOn();
  await setBackupSchedule(bench.owner, id, daily);
  await bench.run(await createBackup(bench.owner, id, { name: 'by hand' }));
  for (let n = 0; n < 3; n += 1) {
    await due(id);
    await look();
    await runAll();
    const [newest] = (await listBackups(bench.owner, id, {})).items;
    if (n === 0 && newest !== undefined) await editBackup(bench.owner, newest.id, { protected: true, name: 'dear' });
  }
  const { goes } = await getBackupSchedule(bench.owner, id);
  expect(goes).toHaveLength(1);
  await due(id);
  await look();
  await runAll();
  const removed = (await listBackups(bench.owner, id, { removed: true })).items.map((one) => one.id);
  expect(removed).toEqual(goes);
  const left = (await listBackups(bench.owner, id, {})).items;
  expect(left.map((one) => one.name).sort()).toEqual(['', '', 'by hand', 'dear']);
});

it('counts what its rules let go as gone before it asks for more room', async () => {
  const gib = 1024 ** 3;
  const id = await containerOn({ maxBackupBytes: 10 * gib });
  await setBackupSettings(bench.owner, id, { atLimit: 'rotate' });
  await setBackupSchedule(bench.owner, id, daily);
  await bench.run(await createBackup(bench.owner, id, { name: 'by hand' }));
  for (let n = 0; n < 3; n += 1) {
    // Three of 4 GiB each: overrun by one, as it may be.
    await withActor(bench.portal.super, asSystem, async (tx) => {
      await tx
        .update(backups)
        .set({ freesBytes: 4 * gib })
        .where(eq(backups.containerId, id));
      await tx
        .update(containers)
        .set({ backupBytes: (n + 1) * 4 * gib })
        .where(eq(containers.id, id));
    });
    await due(id);
    await look();
    expect(await runAll()).toMatchObject([{ state: 'succeeded' }]);
  }
  expect(await getBackupSchedule(bench.owner, id)).toMatchObject({ failures: 0 });
  const left = (await listBackups(bench.owner, id, {})).items;
  expect(left.map((one) => one.name)).toEqual(['', '', 'by hand']);
});

it('spreads what is due over time on a host, and lets a person go first', async () => {
  const ids = [await containerOn(), await containerOn(), await containerOn()];
  for (const [n, id] of ids.entries()) {
    await setBackupSchedule(bench.owner, id, daily);
    await due(id, new Date(1000 * (3 - n)));
  }
  const mine = await createBackup(bench.owner, String(ids[0]), {});
  await look();
  expect(await queued()).toHaveLength(1);
  expect(await bench.run(mine)).toMatchObject({ state: 'succeeded' });
  for (const next of [ids[2], ids[1], ids[0]]) {
    await look(3);
    expect((await queued()).map((one) => one.containerId)).toEqual([next]);
    await runAll();
  }
});

it('tells the tenant after the first failure and the administrator after the third, once each', async () => {
  const id = await containerOn({ maxBackups: 1 });
  await setBackupSchedule(bench.owner, id, { ...daily, keep: { ...none, last: 1 } });
  await bench.run(await createBackup(bench.owner, id, { protected: true }));
  for (let n = 1; n <= 4; n += 1) {
    await due(id);
    await look(3);
    const told = ['owner-a@example.test', ...(n >= 3 ? ['admin@example.test'] : [])].sort();
    expect(await mails()).toEqual(told);
    expect(await getBackupSchedule(bench.owner, id)).toMatchObject({
      failures: n,
      problem: expect.stringMatching(/allows 1/),
    });
    const problems = (await getDashboard(bench.admin)).problems.filter((one) => one.kind === 'backup-failing');
    expect(problems.map((one) => one.containerId)).toEqual(n >= 3 ? [id] : []);
  }
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx.update(backups).set({ state: 'deleted' }).where(eq(backups.containerId, id)),
  );
  await due(id);
  await look();
  await runAll();
  await look();
  expect(await getBackupSchedule(bench.owner, id)).toMatchObject({ failures: 0, problem: null });
});

it('counts a run that failed on the host, and has back what had made room', async () => {
  const id = await containerOn();
  await setBackupSchedule(bench.owner, id, { ...daily, keep: { ...none, last: 1 } });
  await due(id);
  await look();
  await runAll();
  const [first] = (await listBackups(bench.owner, id, {})).items;
  await due(id);
  await look();
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx.update(containers).set({ tenantId: bench.world.ids.b }).where(eq(containers.id, id)),
  );
  const [asked] = await queued();
  await bench.portal.super.$client.query('update operations set cancel_requested = true where id = $1', [asked?.id]);
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx.update(containers).set({ tenantId: bench.world.ids.a }).where(eq(containers.id, id)),
  );
  await runAll();
  await look();
  // A person's cancel is no failure.
  expect(await getBackupSchedule(bench.owner, id)).toMatchObject({ failures: 0 });
  expect((await listBackups(bench.owner, id, {})).items.map((one) => one.id)).toContain(first?.id);
});

it('stays inside what the plan allows', async () => {
  const id = await containerOn({ maxBackups: 5, backupEvery: 'day' });
  const refused = (change: Partial<SetBackupSchedule>) =>
    expect(setBackupSchedule(bench.owner, id, { ...daily, ...change })).rejects.toMatchObject({ code: 'plan_limit' });
  await refused({ every: 'hour' });
  await refused({ keep: { ...none, daily: 4, weekly: 2 } });
  expect(await setBackupSchedule(bench.owner, id, { ...daily, enabled: false })).toMatchObject({ nextRunAt: null });
  const never = await containerOn({ backupEvery: null });
  await expect(setBackupSchedule(bench.owner, never, daily)).rejects.toMatchObject({ code: 'plan_limit' });
});

it('one that waits for somebody to look at its last backup keeps nobody else waiting', async () => {
  const [held, id] = [await containerOn({ maxBackupBytes: 1_000_000_000 }), await containerOn()];
  for (const one of [held, id]) await setBackupSchedule(bench.owner, one, daily);
  const stuck = await createBackup(bench.owner, held, {});
  await bench.portal.super.$client.query(
    `update operations set state = 'stuck', lock = 'background', workflow_enqueued_at = now() where id = $1`,
    [stuck.id],
  );
  await due(held);
  await due(id, new Date(1_000));
  await look();
  const { rows } = await bench.portal.super.$client.query(
    `select container_id from operations where state = 'queued' and kind = 'backup'`,
  );
  expect(rows).toEqual([{ container_id: id }]);
  await runAll();
});

describe('under another plan', () => {
  const moved = async (id: string, backupEvery: 'day' | 'hour' | null) => {
    const planId = uuidv7();
    const values = { id: planId, name: planId, resources: smallResources, maxForwards: 0, retentionHours: 24 };
    await withActor(bench.portal.super, asSystem, (tx) =>
      tx.insert(plans).values({ ...values, maxBackups: 10, backupEvery }),
    );
    return await bench.run(await configureContainer(bench.admin, id, { planId }));
  };
  const hoursToNext = async (id: string) =>
    (Date.parse(String((await getBackupSchedule(bench.owner, id)).nextRunAt)) - Date.now()) / 3_600_000;

  it('a schedule runs no more often than that has it, and as it was set when it may again', async () => {
    const id = await containerOn();
    await setBackupSchedule(bench.owner, id, { ...daily, every: 'hour' });
    expect((await moved(id, 'day')).result).toMatchObject({ scheduleRuns: 'day' });
    const first = (await getBackupSchedule(bench.owner, id)).nextRunAt;
    expect(first).toBe(nextRun(daily, new Date()).toISOString());
    await due(id);
    await look();
    expect(await runAll()).toMatchObject([{ state: 'succeeded' }]);
    expect((await getBackupSchedule(bench.owner, id)).nextRunAt).toBe(first);
    expect((await moved(id, 'hour')).result).toMatchObject({ scheduleRuns: 'hour' });
    expect(await hoursToNext(id)).toBeLessThanOrEqual(1);
    expect((await moved(id, 'hour')).result).not.toHaveProperty('scheduleRuns');
  });

  it('that has none it does not run, can be turned off, and makes up for nothing afterwards', async () => {
    const id = await containerOn();
    await setBackupSchedule(bench.owner, id, daily);
    expect((await moved(id, null)).result).toMatchObject({ scheduleRuns: null });
    await due(id);
    await look();
    expect(await queued()).toEqual([]);
    const shown = await getBackupSchedule(bench.owner, id);
    expect(shown).toMatchObject({ enabled: true, finest: null, nextRunAt: null, goes: [], failures: 0 });
    expect(await mails()).toEqual([]);
    expect((await moved(id, 'day')).result).toMatchObject({ scheduleRuns: 'day' });
    await look();
    expect(await queued()).toEqual([]);
    await moved(id, null);
    expect(await setBackupSchedule(bench.owner, id, { ...daily, enabled: false })).toMatchObject({ enabled: false });
    expect((await moved(id, 'day')).result).not.toHaveProperty('scheduleRuns');
  });
});
