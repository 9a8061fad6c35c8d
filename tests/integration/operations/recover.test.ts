/** Putting back what the template has: an operation, with a way back. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createContainer } from '#lib/containers/create.ts';
import { recoverFiles } from '#lib/containers/recover.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { getOperation } from '#lib/operations/get.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { releaseRecoveries } from '#lib/workflows/sweeps.ts';
import { actorFor } from '../../support/portal.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

let bench: SimBench;
let id: string;
const change = <T>(work: Parameters<typeof withActor<T>>[2]) =>
  withActor(bench.portal.super, systemActor('test'), work);
async function well(asked: Promise<Operation>): Promise<Operation> {
  const done = await bench.run(await asked);
  expect(done.error, done.kind).toBeNull();
  const seen = { observedPower: 'stopped' as const, observedAt: new Date(Date.now() + 86_400_000) };
  await change((tx) => tx.update(containers).set(seen));
  return done;
}
const files = () => bench.host.world.volume(bench.host.core.store.containers.find(id)?.volumeId ?? '').files;
const base64 = (path: string) => Buffer.from(path).toString('base64');
const snapshotsThere = () => change((tx) => tx.select().from(snapshots).where(eq(snapshots.state, 'present')));

beforeAll(async () => {
  bench = await startSimBench();
  const { world, planIds, templateIds, host, admin } = bench;
  const place = { tenantId: world.ids.a, planId: planIds.small, templateId: templateIds.tiny };
  const how = { name: 'broken', hostId: host.made.hostId, sshKeys: [], start: false };
  id = (await well(createContainer(admin, { ...place, ...how }))).containerId ?? '';
});
afterAll(async () => {
  await bench?.stop();
});

it('single files come back for whoever may change files, and take no snapshot', async () => {
  files()['/etc/shells'] = null;
  files()['/etc/inittab'] = null;
  const what = { paths: [base64('/etc/shells')] };
  for (const [who, code] of [
    ['admin', 'forbidden'],
    ['ownerB', 'not_found'],
  ] as const) {
    await expect(recoverFiles(actorFor(bench.world, who), id, what)).rejects.toMatchObject({ code });
  }
  const done = await well(recoverFiles(bench.owner, id, what));
  expect(done).toMatchObject({ state: 'succeeded', result: { changed: 1 } });
  expect((await getOperation(bench.owner, done.id)).can.undo).toBe(false);
  expect(files()).not.toHaveProperty('/etc/shells');
  expect(files()).toMatchObject({ '/etc/inittab': null });
  expect(await snapshotsThere()).toEqual([]);
});

it('all system files come back after a snapshot, to which an undo rolls back, until its time is over', async () => {
  files()['/root/mine'] = 'mine';
  const done = await well(recoverFiles(bench.owner, id, { allSystemFiles: true }));
  expect(done.steps.map((step) => step.state)).toEqual(['done', 'done']);
  expect(done).toMatchObject({ result: { changed: 1 } });
  expect((await getOperation(bench.owner, done.id)).can.undo).toBe(true);
  expect(files()).not.toHaveProperty('/etc/inittab');
  expect(await snapshotsThere()).toMatchObject([{ kind: 'automatic', operationId: done.id }]);
  await well(undoOperation(bench.owner, done.id));
  expect(files()).toMatchObject({ '/etc/inittab': null, '/root/mine': 'mine' });

  const over = { ...done.result, undoUntil: new Date(0).toISOString() };
  await change((tx) => tx.update(operations).set({ result: over }).where(eq(operations.id, done.id)));
  expect((await getOperation(bench.owner, done.id)).can.undo).toBe(false);
  setDatabase(bench.portal.worker);
  await releaseRecoveries({ warn: () => undefined }).finally(() => setDatabase(bench.portal.web));
  const going = await change((tx) => tx.select().from(snapshots).where(eq(snapshots.state, 'deleting')));
  expect(going.map((row) => row.operationId)).toEqual([done.id]);
});
