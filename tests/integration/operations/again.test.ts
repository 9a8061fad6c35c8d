/** What is tried again, cancelled or killed at a bad moment, against the simulated host: what was promised meanwhile holds. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { removeBackup } from '#lib/backups/remove.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { createContainer } from '#lib/containers/create.ts';
import { getContainer } from '#lib/containers/get.ts';
import { killContainer } from '#lib/containers/kill.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { startContainer } from '#lib/containers/start.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { enforceHolds } from '#lib/holds/enforce.ts';
import { placeHold } from '#lib/holds/holds.ts';
import { cancelOperation } from '#lib/operations/cancel.ts';
import { confirmOperation } from '#lib/operations/confirm.ts';
import { getOperation } from '#lib/operations/get.ts';
import { resolveOperation } from '#lib/operations/resolve.ts';
import { retryOperation } from '#lib/operations/retry.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { exportContainer } from '#lib/transfers/export.ts';
import { endUndelete, releaseExpired } from '#lib/workflows/sweeps.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const asSystem = systemActor('test');
const dayMs = 86_400_000;
let bench: SimBench;
let names = 0;

beforeAll(async () => {
  bench = await startSimBench();
});
afterAll(async () => {
  await bench?.stop();
});

const sql = (text: string, values: unknown[] = []) => bench.portal.super.$client.query(text, values);

async function stopped(): Promise<string> {
  names += 1;
  const asked = await createContainer(bench.admin, {
    ...{ name: `again-${names}`, tenantId: bench.world.ids.a, planId: bench.planIds.large },
    ...{ templateId: bench.templateIds.tiny, hostId: bench.host.made.hostId, sshKeys: [], start: false },
  });
  expect(await bench.run(asked)).toMatchObject({ state: 'succeeded' });
  const id = String(asked.containerId);
  // Nobody watches this host; what it would say of the container stays believed.
  await withActor(bench.portal.super, asSystem, (tx) =>
    tx
      .update(containers)
      .set({ observedPower: 'stopped', observedAt: new Date(Date.now() + dayMs) })
      .where(eq(containers.id, id)),
  );
  return id;
}

async function backUp(id: string): Promise<string> {
  expect(await bench.run(await createBackup(bench.owner, id, {}))).toMatchObject({ state: 'succeeded' });
  return (await listBackups(bench.owner, id, {})).items[0]?.id ?? '';
}

/** Its server is out of use for as long as it runs. */
async function failed(asked: Operation): Promise<Operation> {
  await sql(`update hosts set status = 'disabled' where id = $1`, [bench.host.made.hostId]);
  const done = await bench.run(asked);
  await sql(`update hosts set status = 'ok' where id = $1`, [bench.host.made.hostId]);
  expect(done).toMatchObject({ state: 'failed' });
  return done;
}

/** As if what its input says had been said a month ago. */
const aMonthLater = (operation: Operation, name: string) =>
  sql(`update operations set input = input || jsonb_build_object($2::text, $3::text) where id = $1`, [
    ...[operation.id, name, new Date(Date.now() - 30 * dayMs).toISOString()],
  ]);

it('what is deleted at the second try can be had back for as long from then on', async () => {
  const id = await stopped();
  await backUp(id);
  const asked = await failed(await removeContainer(bench.admin, id));
  await aMonthLater(asked, 'undeleteUntil');
  expect(await bench.run(await retryOperation(bench.admin, asked.id))).toMatchObject({ state: 'succeeded' });
  setDatabase(bench.portal.worker);
  expect(await endUndelete().finally(() => setDatabase(bench.portal.web))).toEqual([]);
  const { deleted } = await getContainer(bench.owner, id);
  expect(Date.parse(deleted?.until ?? '')).toBeGreaterThan(Date.now() + 13 * dayMs);
  expect((await listBackups(bench.owner, id, {})).items).toMatchObject([{ state: 'complete' }]);
});

it('so can a backup, and an export that was tried again is kept for a day', async () => {
  const id = await stopped();
  const backupId = await backUp(id);
  const removal = await failed(await removeBackup(bench.owner, backupId));
  await aMonthLater(removal, 'keepUntil');
  await bench.run(await retryOperation(bench.owner, removal.id));
  const [removed] = (await listBackups(bench.owner, id, { removed: true })).items;
  expect(Date.parse(removed?.recoverableUntil ?? '')).toBeGreaterThan(Date.now() + 6 * dayMs);
  const packing = await failed(await exportContainer(bench.owner, id));
  await aMonthLater(packing, 'expiresAt');
  const packed = await bench.run(await retryOperation(bench.owner, packing.id));
  expect(packed).toMatchObject({ state: 'succeeded' });
  expect(Date.parse(String(packed.result.expiresAt))).toBeGreaterThan(Date.now() + dayMs / 2);
});

it('files that another operation has put aside since are not released by one that failed before', async () => {
  const id = await stopped();
  const restored = await bench.run(await restoreBackup(bench.owner, await backUp(id)));
  const release = await failed(await confirmOperation(bench.owner, restored.id));
  const undone = await bench.run(await undoOperation(bench.owner, restored.id));
  await expect(retryOperation(bench.owner, release.id)).rejects.toMatchObject({ code: 'state' });
  const redone = await bench.run(await undoOperation(bench.owner, undone.id));
  await expect(retryOperation(bench.owner, release.id)).rejects.toMatchObject({ code: 'state' });
  expect((await getContainer(bench.owner, id)).retained).toMatchObject([{ operationId: redone.id }]);
});

it('a hold binds what is tried again as it does what is asked for', async () => {
  const id = await stopped();
  const asked = await failed(await startContainer(bench.owner, id));
  await placeHold(bench.admin, { containerId: id }, { reason: 'provider', stop: false, message: null });
  await expect(startContainer(bench.admin, id)).rejects.toMatchObject({ code: 'held' });
  await expect(retryOperation(bench.admin, asked.id)).rejects.toMatchObject({ code: 'held' });
});

it('a backup whose making a person has ended by hand can be deleted', async () => {
  const id = await stopped();
  const asked = await createBackup(bench.owner, id, {});
  await bench.run(asked);
  await sql(`update backups set state = 'running' where operation_id = $1`, [asked.id]);
  await sql(`update operations set state = 'stuck', ended_at = null where id = $1`, [asked.id]);
  const [made] = (await listBackups(bench.owner, id, {})).items;
  await expect(removeBackup(bench.owner, made?.id ?? '')).rejects.toMatchObject({ code: 'busy' });
  await resolveOperation(bench.admin, asked.id, { note: 'looked at it' });
  expect(await bench.run(await removeBackup(bench.owner, made?.id ?? ''))).toMatchObject({ state: 'succeeded' });
  expect((await listBackups(bench.owner, id, {})).items).toEqual([]);
});

/** Goes on while somebody else has the operation's row, as a worker has that writes a step's end. */
async function beside(
  operationId: string,
  work: () => Promise<unknown>,
  write: (write: typeof sql) => Promise<unknown>,
) {
  const client = await bench.portal.super.$client.connect();
  try {
    await client.query('begin');
    await client.query('select from operations where id = $1 for no key update', [operationId]);
    const working = work().then(
      () => null,
      (error: unknown) => error,
    );
    const waits = `select 1 from pg_stat_activity where usename = 'berth_web' and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await sql(waits)).rowCount).toBe(1);
    await write((text, values) => client.query(text, values));
    await client.query('commit');
    return await working;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

it('what ends at the moment in which it is cancelled is not said to run', async () => {
  const asked = await startContainer(bench.owner, await stopped());
  const error = await beside(
    asked.id,
    () => cancelOperation(bench.owner, asked.id),
    (write) => write(`update operations set state = 'succeeded', ended_at = now() where id = $1`, [asked.id]),
  );
  expect(error).toMatchObject({ code: 'state' });
  expect(await getOperation(bench.owner, asked.id)).toMatchObject({ state: 'succeeded', cancelRequested: false });
  const { rows } = await sql(`select 1 from events where operation_id = $1 and data->>'cancelRequested' = 'true'`, [
    asked.id,
  ]);
  expect(rows).toEqual([]);
});

it('a kill and the step that ends beside it wait for each other in one order', async () => {
  const id = await stopped();
  const asked = await startContainer(bench.owner, id);
  const error = await beside(
    asked.id,
    () => killContainer(bench.owner, id),
    // Were the container the kill's by now, the database would end one of the two.
    (write) => write(`set local lock_timeout = '500 ms'; update containers set usage = null where id = '${id}'`),
  );
  expect(error).toBeNull();
  expect(await getOperation(bench.owner, asked.id)).toMatchObject({ cancelRequested: true });
});

it('kept files that cannot be released now do not stand before those that can', async () => {
  // On a server out of use; first in the table, and due for longer.
  const silent = bench.world.containers.a.id;
  const other = await bench.run(await startContainer(bench.owner, await stopped()));
  await sql('update containers set deleted_at = null where id = $1', [silent]);
  await sql(
    `insert into retained_volumes (id, volume_id, tenant_id, container_id, operation_id, reason, bytes, template_id, expires_at)
     select gen_random_uuid(), gen_random_uuid(), c.tenant_id, c.id, $2, 'restore', 1, c.template_id, now() - interval '1 day'
     from containers c, generate_series(1, 20) where c.id = $1`,
    [silent, other.id],
  );
  const id = await stopped();
  const restored = await bench.run(await restoreBackup(bench.owner, await backUp(id)));
  await sql('update retained_volumes set expires_at = now() where operation_id = $1', [restored.id]);
  setDatabase(bench.portal.worker);
  await releaseExpired({ warn: () => undefined }).finally(() => setDatabase(bench.portal.web));
  const { rows } = await sql(`select 1 from operations where container_id = $1 and kind = 'confirm'`, [id]);
  expect(rows).toHaveLength(1);
});

const enforce = () => {
  setDatabase(bench.portal.worker);
  return enforceHolds({ warn: () => undefined }).finally(() => setDatabase(bench.portal.web));
};
const kindsOf = async (id: string, state = 'queued') =>
  (await sql('select kind from operations where container_id = $1 and state = $2', [id, state])).rows.map(
    (row) => row.kind,
  );

it('a hold that stops does so in repair too', async () => {
  const id = await stopped();
  await sql(
    `update containers set observed_power = 'running', repair_since = now(), repair_until = now() + interval '4 hours',
     repair_read_only = false where id = $1`,
    [id],
  );
  await placeHold(bench.admin, { containerId: id }, { reason: 'abuse', stop: true, message: null });
  await enforce();
  expect(await kindsOf(id)).toEqual(['kill']);
  await sql(
    `update operations set state = 'cancelled', ended_at = now() where container_id = $1 and state = 'queued'`,
    [id],
  );
});
