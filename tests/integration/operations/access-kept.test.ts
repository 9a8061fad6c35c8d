/** Older files come back, and what the settings say of host name and keys holds in them too. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sentinels } from '#agent/sim/runtime.ts';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { setAccess } from '#lib/containers/access.ts';
import { createContainer } from '#lib/containers/create.ts';
import { getContainer } from '#lib/containers/get.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { undeleteContainer } from '#lib/containers/undelete.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { createSnapshot } from '#lib/snapshots/create.ts';
import { listSnapshots } from '#lib/snapshots/list.ts';
import { rollBack } from '#lib/snapshots/rollback.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const key = (n: number) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEexampleEXAMPLEexampleEXAMPLEexample${n} key ${n}`;
const keysFile = '/root/.ssh/authorized_keys';
let bench: SimBench;
let id: string;
const files = () => bench.host.world.volume(bench.host.core.store.containers.find(id)?.volumeId ?? '').files;
async function well(asked: Promise<Operation>): Promise<Operation> {
  const done = await bench.run(await asked);
  expect(done.error, done.kind).toBeNull();
  const seen = { observedPower: 'stopped' as const, observedAt: new Date(Date.now() + 86_400_000) };
  await withActor(bench.portal.super, systemActor('test'), (tx) => tx.update(containers).set(seen));
  return done;
}
/** What the page says, what the files say. */
async function holds() {
  const { sshKeys, hostname } = await getContainer(bench.owner, id);
  const inFiles = { keys: (files()[keysFile] ?? '').split('\n').filter(Boolean), hostname: files()['/etc/hostname'] };
  expect(inFiles).toEqual({ keys: sshKeys, hostname: `${hostname}\n` });
  return { sshKeys, hostname };
}

beforeAll(async () => {
  bench = await startSimBench();
  const { world, planIds, templateIds, host, admin } = bench;
  const place = { tenantId: world.ids.a, planId: planIds.small, templateId: templateIds.tiny };
  const how = { name: 'kept', hostId: host.made.hostId, sshKeys: [key(0), key(1)], start: false };
  id = (await well(createContainer(admin, { ...place, ...how }))).containerId ?? '';
});
afterAll(async () => {
  await bench?.stop();
});

it('a key that was removed stays out, and a new host name stays, when a snapshot or a backup comes back and goes again', async () => {
  const { owner } = bench;
  await well(createSnapshot(owner, id, { name: 'before' }));
  const backup = await well(createBackup(owner, id, {}));
  await well(setAccess(owner, id, { sshKeys: [key(1), key(2)], hostname: 'renamed' }));
  const now = { sshKeys: [key(1), key(2)], hostname: 'renamed' };

  const [snapshot] = (await listSnapshots(owner, id, {})).items;
  const rolled = await well(rollBack(owner, snapshot?.id ?? ''));
  expect(rolled.result).not.toHaveProperty('accessKept');
  expect(await holds()).toEqual(now);
  await well(undoOperation(owner, rolled.id));
  expect(await holds()).toEqual(now);
  await well(restoreBackup(owner, String(backup.result.backupId), {}));
  expect(await holds()).toEqual(now);
});

it('what was reset by a reinstall does not log in after its undo, until it is allowed again', async () => {
  const { owner } = bench;
  const reset = { keepOld: true, reset: true, resetUsers: true };
  const reinstalled = await well(reinstallContainer(owner, id, reset));
  expect((await getContainer(owner, id)).sshKeys).toEqual([]);
  await well(undoOperation(owner, reinstalled.id));
  expect((await holds()).sshKeys).toEqual([]);
  await well(setAccess(owner, id, { sshKeys: [key(0)] }));
  const [snapshot] = (await listSnapshots(owner, id, {})).items.filter((one) => one.name === 'before');
  await well(rollBack(owner, snapshot?.id ?? ''));
  expect((await holds()).sshKeys).toEqual([key(0)]);
});

it('what people wrote into the file themselves comes back with it', async () => {
  const { owner } = bench;
  files()[keysFile] = `${files()[keysFile]}${key(7)}\n`;
  await well(createSnapshot(owner, id, { name: 'by hand' }));
  const [snapshot] = (await listSnapshots(owner, id, {})).items.filter((one) => one.name === 'by hand');
  await well(setAccess(owner, id, { sshKeys: [] }));
  await well(rollBack(owner, snapshot?.id ?? ''));
  expect(files()[keysFile]).toBe(`${key(7)}\n`);
});

it('holds in the files with which a deleted container comes back, and where not, it is said or it does not', async () => {
  const { owner, admin } = bench;
  await well(setAccess(owner, id, { sshKeys: [key(0), key(1)], hostname: 'saved' }));
  files()[keysFile] = `${files()[keysFile]}${key(7)}\n`;
  await well(createBackup(owner, id, {}));
  await well(setAccess(owner, id, { sshKeys: [key(1), key(2)], hostname: 'renamed' }));
  files()[keysFile] = 'never backed up';
  await well(removeContainer(admin, id));
  const plain = { acceptNewAddress: false, start: false };
  const back = await well(undeleteContainer(owner, id, plain));
  expect(back.result).not.toHaveProperty('accessKept');
  expect(files()[keysFile]).toBe([1, 7, 2].map((n) => `${key(n)}\n`).join(''));
  expect(files()['/etc/hostname']).toBe('renamed\n');

  // In a system that cannot be looked into, a removed key would log in again.
  await well(removeContainer(admin, id));
  const refusing = (removedSshKeys?: string[]) =>
    withActor(bench.portal.super, systemActor('test'), (tx) =>
      tx.update(containers).set({ hostname: sentinels.failAccess, ...(removedSshKeys && { removedSshKeys }) }),
    );
  await refusing();
  const refused = await bench.run(await undeleteContainer(owner, id, plain));
  expect(refused.error?.detail).toMatch(/would log in again/);
  await refusing([]);
  expect((await well(undeleteContainer(owner, id, plain))).result).toMatchObject({ accessKept: false });
});
