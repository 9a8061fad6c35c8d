/** Putting back what the template has: an operation, with a way back. */
import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createContainer } from '#lib/containers/create.ts';
import { getContainer } from '#lib/containers/get.ts';
import { recoverFiles } from '#lib/containers/recover.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { repairContainer } from '#lib/containers/repair.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { importedTemplate, importedTitle } from '#lib/contract/transfers.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { snapshots } from '#lib/db/schema/snapshots.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { listChanges } from '#lib/files/list.ts';
import { confirmOperation } from '#lib/operations/confirm.ts';
import { getOperation } from '#lib/operations/get.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { writtenSince } from '#lib/operations/written.ts';
import { explainAccess } from '#lib/people/explain.ts';
import { createSnapshot } from '#lib/snapshots/create.ts';
import { removeSnapshot } from '#lib/snapshots/remove.ts';
import { rollBack } from '#lib/snapshots/rollback.ts';
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

  // Counted down beside what a restore keeps, with what was written since.
  const { recoveries, retained } = await getContainer(bench.owner, id);
  expect(recoveries).toMatchObject([{ operationId: done.id, expiresAt: done.result.undoUntil }]);
  expect(retained).toEqual([]);
  expect(await writtenSince(bench.owner, done.id)).toMatchObject({
    ...{ since: done.result.recoveredAt, written: { count: 0 }, whole: true },
  });
  files()['/root/later'] = 'later';
  expect((await writtenSince(bench.owner, done.id)).written).toEqual({ count: 1, bytes: 5 });
  await expect(writtenSince(actorFor(bench.world, 'ownerB'), done.id)).rejects.toMatchObject({ code: 'not_found' });
  await well(undoOperation(bench.owner, done.id));
  expect(files()).toMatchObject({ '/etc/inittab': null, '/root/mine': 'mine' });
  expect(files()).not.toHaveProperty('/root/later');
  // Taken back once, it is not there to be taken back again; the files it took away are kept in their turn.
  const after = await getContainer(bench.owner, id);
  expect(after.recoveries).toEqual([]);
  expect(after.retained).toMatchObject([{ reason: 'rollback' }]);
  const again = await getOperation(bench.owner, done.id);
  expect([again.can.undo, again.can.confirm]).toEqual([false, false]);
  await expect(undoOperation(bench.owner, done.id)).rejects.toMatchObject({ code: 'state' });

  const over = { ...done.result, undoUntil: new Date(0).toISOString() };
  await change((tx) => tx.update(operations).set({ result: over }).where(eq(operations.id, done.id)));
  setDatabase(bench.portal.worker);
  await releaseRecoveries({ warn: () => undefined }).finally(() => setDatabase(bench.portal.web));
  const going = await change((tx) => tx.select().from(snapshots).where(eq(snapshots.state, 'deleting')));
  expect(going.map((row) => row.operationId)).toEqual([done.id]);
});

it('releases what it keeps when somebody says so, and the undo says which kept files may go for its own', async () => {
  const { owner } = bench;
  const recovered = async () => {
    files()['/etc/inittab'] = null;
    return await well(recoverFiles(owner, id, { allSystemFiles: true }));
  };
  const released = await recovered();
  const snapshot = (await snapshotsThere()).find((row) => row.operationId === released.id);
  expect((await getOperation(owner, released.id)).can).toMatchObject({ undo: true, confirm: true });
  const stranger = confirmOperation(actorFor(bench.world, 'ownerB'), released.id);
  await expect(stranger).rejects.toMatchObject({ code: 'not_found' });
  await well(confirmOperation(owner, released.id));
  expect((await snapshotsThere()).map((row) => row.id)).not.toContain(snapshot?.id);
  expect((await getOperation(owner, released.id)).can).toMatchObject({ undo: false, confirm: false });
  await expect(confirmOperation(owner, released.id)).rejects.toMatchObject({ code: 'state' });
  await expect(undoOperation(owner, released.id)).rejects.toMatchObject({ code: 'state' });
  expect((await getContainer(owner, id)).recoveries).toEqual([]);

  // The roll-back before keeps one set; this makes two, and the next one too many.
  await well(undoOperation(owner, (await recovered()).id));
  const kept = (await getContainer(owner, id)).retained;
  expect(kept).toHaveLength(2);
  const [newest] = kept;
  const third = await recovered();
  const foreign = undoOperation(owner, third.id, { release: third.id });
  await expect(foreign).rejects.toMatchObject({ code: 'invalid' });
  const undone = await well(undoOperation(owner, third.id, { release: newest?.id }));
  expect(undone.result.releasedOldest).toMatchObject({ operationId: newest?.operationId });
});

it('can still be undone after a roll-back to another snapshot, which removes automatic snapshots of earlier roll-backs alone', async () => {
  const { owner } = bench;
  const there = async () => (await snapshotsThere()).map((row) => row.operationId);
  const manual = async () => (await snapshotsThere()).find((row) => row.kind === 'manual')?.id ?? '';
  await well(createSnapshot(owner, id, { name: 'another' }));
  files()['/etc/inittab'] = null;
  const recovered = await well(recoverFiles(owner, id, { allSystemFiles: true }));
  const first = await well(rollBack(owner, await manual()));
  expect((await getContainer(owner, id)).recoveries).toMatchObject([{ operationId: recovered.id }]);
  const second = await well(rollBack(owner, await manual()));
  expect(await there()).toEqual(expect.arrayContaining([recovered.id, second.id]));
  expect(await there()).not.toContain(first.id);
  await well(undoOperation(owner, recovered.id));
  expect(files()).toMatchObject({ '/etc/inittab': null });
  // Taken back, it is an earlier automatic one like the others.
  const last = await well(rollBack(owner, await manual()));
  const automatic = (await snapshotsThere()).filter((row) => row.kind === 'automatic');
  expect(automatic.map((row) => row.operationId)).toEqual([last.id]);
  await well(removeSnapshot(owner, await manual()));
});

it('of a container that was imported is refused with what helps instead, in the table of what can be done too', async () => {
  const { owner, templateIds } = bench;
  const imported = uuidv7();
  const becomes = (templateId: string) =>
    change((tx) => tx.update(containers).set({ templateId }).where(eq(containers.id, id)));
  await change(async (tx) => {
    const [tiny] = await tx.select().from(templates).where(eq(templates.id, templateIds.tiny));
    if (tiny === undefined) throw new Error('no template');
    await tx.insert(templates).values({ ...tiny, id: imported, name: importedTemplate, title: importedTitle });
  });
  await becomes(imported);
  const { can, template } = await getContainer(owner, id);
  expect(template).toMatchObject({ name: importedTemplate, title: importedTitle });
  const nothing =
    /has no template: there is nothing to compare its files with, or to put back\. Restore files of a backup, or reinstall/;
  const noRescue =
    /has no template: there is nothing to make a rescue system of\. Restore a backup, roll back .*, or reinstall/;
  expect(can.recover).toEqual({ allowed: false, reason: expect.stringMatching(nothing) });
  expect(can.repair).toEqual({ allowed: false, reason: expect.stringMatching(noRescue) });
  for (const verb of ['reinstall', 'restore', 'snapshot', 'rollback', 'backup', 'clone', 'export', 'files'] as const) {
    expect(can[verb], verb).toEqual({ allowed: true, reason: null });
  }
  const compared = { code: 'state', message: expect.stringMatching(nothing) };
  await expect(recoverFiles(owner, id, { allSystemFiles: true })).rejects.toMatchObject(compared);
  await expect(recoverFiles(owner, id, { paths: [base64('/etc/shells')] })).rejects.toMatchObject(compared);
  for (const system of [true, false]) {
    await expect(listChanges(owner, id, { path: base64('/'), system, recover: false })).rejects.toMatchObject(compared);
  }
  const repair = repairContainer(owner, id, { readOnly: false, access: 'password', hours: 1 });
  await expect(repair).rejects.toMatchObject({ code: 'state', message: expect.stringMatching(noRescue) });
  const refused = (await explainAccess(owner, { verb: 'container.repair', container: id })).reasons;
  expect(refused).toContainEqual({ by: 'state', text: expect.stringMatching(noRescue) });

  // A reinstall needs a template to be named, and is how it gets one.
  const choice = { keepOld: false, reset: true, sshKeys: [] };
  await expect(reinstallContainer(owner, id, choice)).rejects.toMatchObject({
    code: 'invalid',
    outside: { remedy: expect.stringMatching(/Name one/), issues: [{ path: 'templateId' }] },
  });
  await well(reinstallContainer(owner, id, { ...choice, templateId: templateIds.debian }));
  const after = await getContainer(owner, id);
  expect(after.template.name).toBe('debian-12');
  expect([after.can.recover?.allowed, after.can.repair?.allowed]).toEqual([true, true]);
});
