/** What a plan allows of backups, by number and by bytes: exact whoever asks at the same time, and nothing is lost by it. */
import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { createBackup } from '#lib/backups/create.ts';
import { editBackup } from '#lib/backups/edit.ts';
import { listBackups } from '#lib/backups/list.ts';
import { recoverBackup } from '#lib/backups/recover.ts';
import { purgeBackup, removeBackup } from '#lib/backups/remove.ts';
import { restoreFilesOfBackup } from '#lib/backups/restore-files.ts';
import { getBackupSettings, setBackupSettings } from '#lib/backups/settings.ts';
import { createContainer } from '#lib/containers/create.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { users } from '#lib/db/schema/users.ts';
import { purgeRemoved } from '#lib/workflows/sweeps.ts';
import { smallResources } from '../../support/portal.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const asSystem = systemActor('test');
const password = 'the present password';
let bench: SimBench;
let names = 0;

beforeAll(async () => {
  bench = await startSimBench();
  const passwordHash = await hashPassword(password);
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx.update(users).set({ passwordHash }).where(eq(users.id, bench.owner.userId)),
  );
});
afterAll(async () => {
  await bench?.stop();
});

/** A container on a plan of its own. */
async function containerOn(limits: Partial<typeof plans.$inferInsert>): Promise<string> {
  const planId = uuidv7();
  names += 1;
  const values = { id: planId, name: planId, resources: smallResources, maxForwards: 0, retentionHours: 24 };
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx.insert(plans).values({ ...values, maxBackups: 10, ...limits }),
  );
  const asked = await createContainer(bench.admin, {
    name: `limits-${names}`,
    tenantId: bench.world.ids.a,
    planId,
    templateId: bench.templateIds.tiny,
    hostId: bench.host.made.hostId,
    sshKeys: [],
    start: false,
  });
  expect(await bench.run(asked)).toMatchObject({ state: 'succeeded' });
  const id = String(asked.containerId);
  // Nobody watches this host; what it would say of the container stays believed.
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx
      .update(containers)
      .set({ observedPower: 'stopped', observedAt: new Date(Date.now() + 86_400_000) })
      .where(eq(containers.id, id)),
  );
  return id;
}

async function backUp(containerId: string, name = ''): Promise<Operation> {
  return await bench.run(await createBackup(bench.owner, containerId, { name }));
}
const refusedWith = async (code: string, work: Promise<unknown>) => expect(work).rejects.toMatchObject({ code });
const namesOf = async (containerId: string, removed = false) =>
  (await listBackups(bench.owner, containerId, { removed })).items.map((one) => one.name).sort();
const idOf = async (containerId: string, name: string, removed = false) => {
  const found = (await listBackups(bench.owner, containerId, { removed })).items.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no backup ${name}`);
  return found.id;
};
async function rowOf(id: string) {
  const [row] = await withActor(bench.portal.super, asSystem, (tx) =>
    tx.select().from(backups).where(eq(backups.id, id)),
  );
  if (row === undefined) throw new Error('no row');
  return row;
}
const sweep = () => {
  setDatabase(bench.portal.worker);
  return purgeRemoved({ warn: () => undefined }).finally(() => setDatabase(bench.portal.web));
};
async function queued(containerId: string): Promise<Operation[]> {
  const { rows } = await bench.portal.super.$client.query<{ id: string }>(
    "select id from operations where container_id = $1 and state = 'queued'",
    [containerId],
  );
  return rows.map((row) => ({ id: row.id }) as Operation);
}

describe('by number', () => {
  it('has never more than the plan allows, whoever asks at once, and none of them is lost', async () => {
    const id = await containerOn({ maxBackups: 3 });
    // Looks after every single change of a row, whoever made it.
    await bench.portal.super.$client.query(`
      create table too_many (n int);
      create function watch_backups() returns trigger language plpgsql as $$
      begin
        insert into too_many select count(*) from backups where container_id = '${id}'
          and state in ('running', 'complete', 'deleting') having count(*) > 3;
        return null;
      end $$;
      grant insert on too_many to public;
      create trigger watch after insert or update on backups for each statement execute function watch_backups();`);
    let taken = 0;
    let refused = 0;
    for (let round = 0; round < 6; round += 1) {
      const answers = await Promise.allSettled(
        Array.from({ length: 20 }, () => createBackup(bench.owner, id, { name: `r${round}` })),
      );
      for (const answer of answers) {
        if (answer.status === 'fulfilled') {
          taken += 1;
          await bench.run(answer.value);
        } else if (answer.reason instanceof BerthError && answer.reason.code === 'plan_limit') refused += 1;
        else expect(answer.reason).toMatchObject({ code: 'already' });
      }
    }
    expect(taken).toBe(3);
    expect(refused).toBe(60);
    const { rows } = await bench.portal.super.$client.query('select * from too_many');
    expect(rows).toEqual([]);
    await bench.portal.super.$client.query('drop trigger watch on backups; drop table too_many');
  });

  it('lets the oldest unprotected one go where the setting says so, and never a protected one', async () => {
    const id = await containerOn({ maxBackups: 2 });
    await setBackupSettings(bench.owner, id, { atLimit: 'rotate' });
    await backUp(id, 'one');
    await editBackup(bench.owner, await idOf(id, 'one'), { protected: true });
    await backUp(id, 'two');
    expect(await backUp(id, 'three')).toMatchObject({ state: 'succeeded' });
    expect(await namesOf(id)).toEqual(['one', 'three']);
    expect(await namesOf(id, true)).toEqual(['two']);
    await editBackup(bench.owner, await idOf(id, 'three'), { protected: true });
    await refusedWith('plan_limit', createBackup(bench.owner, id, { name: 'four' }));
    expect(await namesOf(id)).toEqual(['one', 'three']);
  });

  it('has the one back that made room, when the new backup fails', async () => {
    const id = await containerOn({ maxBackups: 1 });
    await setBackupSettings(bench.owner, id, { atLimit: 'rotate' });
    await backUp(id, 'old');
    const asked = await createBackup(bench.owner, id, { name: 'new' });
    expect(await namesOf(id, true)).toEqual(['old']);
    // Not purged meanwhile, however short the plan keeps what is deleted.
    await withActor(bench.portal.super, asSystem, (tx) =>
      tx
        .update(backups)
        .set({ purgeAt: new Date(0) })
        .where(eq(backups.state, 'removed')),
    );
    await sweep();
    await bench.portal.super.$client.query('update operations set cancel_requested = true where id = $1', [asked.id]);
    expect(await bench.run(asked)).toMatchObject({ state: 'cancelled' });
    expect(await namesOf(id)).toContain('old');
    expect(await namesOf(id, true)).toEqual([]);
    expect((await getBackupSettings(bench.owner, id)).used.backups).toBe(1);
  });
});

describe('by bytes', () => {
  it('is checked before the start, one at a time, and overrun by one at most', async () => {
    const id = await containerOn({ maxBackupBytes: 1 });
    const first = await createBackup(bench.owner, id, { name: 'one' });
    await bench.portal.super.$client.query("update operations set lock = 'background' where id = $1", [first.id]);
    await refusedWith('busy', createBackup(bench.owner, id, {}));
    await bench.portal.super.$client.query("update operations set lock = 'exclusive' where id = $1", [first.id]);
    expect(await bench.run(first)).toMatchObject({ state: 'succeeded' });
    const { used } = await getBackupSettings(bench.owner, id);
    expect(used).toMatchObject({ backups: 1, bytes: (await rowOf(await idOf(id, 'one'))).bytesAdded });
    expect(used.bytes).toBeGreaterThan(1);
    expect(used.bytesAt).not.toBeNull();
    await refusedWith('plan_limit', createBackup(bench.owner, id, {}));
    await setBackupSettings(bench.owner, id, { atLimit: 'rotate' });
    expect(await backUp(id, 'two')).toMatchObject({ state: 'succeeded' });
    expect(await namesOf(id)).toEqual(['two']);
  });

  it('lets nothing go when that would not free enough', async () => {
    const id = await containerOn({ maxBackupBytes: 1 });
    await setBackupSettings(bench.owner, id, { atLimit: 'rotate' });
    await backUp(id, 'one');
    await withActor(bench.portal.super, asSystem, (tx) =>
      tx.update(backups).set({ freesBytes: 1 }).where(eq(backups.containerId, id)),
    );
    await refusedWith('plan_limit', createBackup(bench.owner, id, {}));
    expect(await namesOf(id)).toEqual(['one']);
  });

  it('counts what is shared once, and tells what deleting one would free', async () => {
    const id = await containerOn({});
    await backUp(id, 'one');
    await backUp(id, 'two');
    const [two, one] = (await listBackups(bench.owner, id, {})).items;
    // The simulated disk has not changed between the two.
    expect(one?.frees?.bytes).toBe(0);
    expect(two?.frees?.bytes).toBe(0);
    const { used } = await getBackupSettings(bench.owner, id);
    expect(used.bytes).toBe(one?.bytesAdded);
  });
});

describe('what comes back', () => {
  const measured = async (containerId: string, bytes: number, freesBytes: number) => {
    await withActor(bench.portal.super, asSystem, async (tx) => {
      await tx.update(containers).set({ backupBytes: bytes }).where(eq(containers.id, containerId));
      await tx.update(backups).set({ bytesAdded: 4000, freesBytes }).where(eq(backups.containerId, containerId));
    });
  };
  const used = async (id: string) => (await getBackupSettings(bench.owner, id)).used.bytes;

  it('counts as before, when it made room for one that failed', async () => {
    const id = await containerOn({ maxBackups: 2 });
    await setBackupSettings(bench.owner, id, { atLimit: 'rotate' });
    await backUp(id, 'one');
    await backUp(id, 'two');
    await measured(id, 5000, 300);
    const asked = await createBackup(bench.owner, id, { name: 'three' });
    expect(await used(id)).toBe(4700);
    await bench.portal.super.$client.query('update operations set cancel_requested = true where id = $1', [asked.id]);
    expect(await bench.run(asked)).toMatchObject({ state: 'cancelled' });
    expect(await namesOf(id)).toEqual(expect.arrayContaining(['one', 'two']));
    expect(await used(id)).toBe(5000);
  });

  it('counts by what its deletion freed, measured since or not', async () => {
    const id = await containerOn({});
    await backUp(id, 'one');
    await backUp(id, 'two');
    await measured(id, 5000, 300);
    const one = await idOf(id, 'one');
    await bench.run(await removeBackup(bench.owner, one));
    await measured(id, 4700, 300);
    expect(await used(id)).toBe(4700);
    await recoverBackup(bench.owner, one);
    expect(await used(id)).toBe(5000);
    // And goes again with the same figure.
    await bench.run(await removeBackup(bench.owner, one));
    await measured(id, 4700, 300);
    await recoverBackup(bench.owner, one);
    expect(await used(id)).toBe(5000);
  });
});

describe('deleted backups', () => {
  it('can be had back, and count only then', async () => {
    const id = await containerOn({ maxBackups: 1 });
    await backUp(id, 'one');
    const one = await idOf(id, 'one');
    await editBackup(bench.owner, one, { protected: true, note: 'dear' });
    await refusedWith('state', removeBackup(bench.owner, one));
    await editBackup(bench.owner, one, { protected: false });
    const removal = await bench.run(await removeBackup(bench.owner, one));
    expect(removal).toMatchObject({ state: 'succeeded', result: { recoverableUntil: expect.any(String) } });
    expect((await getBackupSettings(bench.owner, id)).used).toMatchObject({ backups: 0, bytes: 0, removed: 1 });
    await recoverBackup(bench.owner, one);
    expect((await listBackups(bench.owner, id, {})).items).toMatchObject([
      { name: 'one', note: 'dear', state: 'complete' },
    ]);
    await bench.run(await removeBackup(bench.owner, one));
    await backUp(id, 'two');
    await refusedWith('plan_limit', recoverBackup(bench.owner, one));
  });

  it('wait for whatever would be left half done without them', async () => {
    const id = await containerOn({ deletedBackupDays: 0 });
    await backUp(id, 'one');
    const one = await idOf(id, 'one');
    const asked = await restoreFilesOfBackup(bench.owner, one, { paths: ['/etc'], mode: 'overwrite' });
    const became = (kind: string) =>
      bench.portal.super.$client.query('update operations set kind = $2 where id = $1', [asked.id, kind]);
    for (const kind of ['restore', 'restore-into', 'undelete', 'backup-test', 'restore-files']) {
      await became(kind);
      await expect(removeBackup(bench.owner, one), kind).rejects.toMatchObject({
        code: 'busy',
        outside: { operationId: asked.id },
      });
    }
    await bench.portal.super.$client.query('update operations set cancel_requested = true where id = $1', [asked.id]);
    await bench.run(asked);
    expect(await bench.run(await removeBackup(bench.owner, one))).toMatchObject({ state: 'succeeded' });
  });

  it('go when their time is over, and a host that does not answer keeps them', async () => {
    const id = await containerOn({});
    await backUp(id, 'one');
    const one = await idOf(id, 'one');
    await bench.run(await removeBackup(bench.owner, one));
    await sweep();
    expect(await queued(id)).toEqual([]);
    await withActor(bench.portal.super, asSystem, (tx) =>
      tx
        .update(backups)
        .set({ purgeAt: new Date(0) })
        .where(eq(backups.id, one)),
    );
    await sweep();
    const [purge] = await queued(id);
    if (purge === undefined) throw new Error('nothing was asked for');
    const { resticSnapshotId } = await rowOf(one);
    expect(bench.host.world.disk.backups[String(resticSnapshotId)]).toBeDefined();
    expect(await bench.run(purge)).toMatchObject({ state: 'succeeded' });
    expect(await rowOf(one)).toMatchObject({ state: 'deleted' });
    expect(bench.host.world.disk.backups[String(resticSnapshotId)]).toBeUndefined();
  });

  it('go before their time, or are kept for less, only with the password', async () => {
    const id = await containerOn({ deletedBackupDays: 7 });
    await backUp(id, 'one');
    const one = await idOf(id, 'one');
    await refusedWith('state', purgeBackup(bench.owner, one, password));
    await bench.run(await removeBackup(bench.owner, one));
    await refusedWith('invalid', purgeBackup(bench.owner, one, 'another password'));
    expect(await bench.run(await purgeBackup(bench.owner, one, password))).toMatchObject({ state: 'succeeded' });
    await refusedWith('not_found', recoverBackup(bench.owner, one));

    await refusedWith('invalid', setBackupSettings(bench.owner, id, { deletedDays: 3 }));
    await refusedWith('plan_limit', setBackupSettings(bench.owner, id, { deletedDays: 8, password }));
    expect(await setBackupSettings(bench.owner, id, { deletedDays: 0, password })).toMatchObject({ deletedDays: 0 });
    await backUp(id, 'two');
    const two = await idOf(id, 'two');
    await bench.run(await removeBackup(bench.owner, two));
    expect(await rowOf(two)).toMatchObject({ state: 'deleted' });
    expect(await setBackupSettings(bench.owner, id, { deletedDays: 7 })).toMatchObject({ deletedDays: 7 });
  });
});
