import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { uploadLock } from '#agent/actions/backup.ts';
import type { Core } from '#agent/core.ts';
import { expireSnapshots } from '#agent/reconcile/garbage.ts';
import { Locks } from '#agent/reconcile/locks.ts';
import { createSimulator } from '#agent/sim/simulator.ts';
import { openStore } from '#agent/store/store.ts';
import { resources } from '../../support/agent.ts';

let directory: string;
let core: Pick<Core, 'store' | 'adapters' | 'locks' | 'log'>;
beforeEach(() => {
  directory = mkdtempSync('/tmp/berth-garbage-');
  const config = { agentDir: directory, subnet: '10.1.2.0/24' };
  core = {
    adapters: createSimulator(config, 0),
    store: openStore(join(directory, 'agent.db')),
    locks: new Locks(),
    log: pino({ level: 'silent' }),
  };
});
afterEach(() => {
  core.store.close();
  rmSync(directory, { recursive: true });
});

it('a snapshot that its backup has not removed goes after a day, but not from under an upload; one that is kept stays', async () => {
  const { adapters, store, locks } = core;
  const [containerId, volumeId, snapshotId, keptId] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  const template = { name: 'tiny', version: '1', layers: [`sha256:${'a'.repeat(64)}`], init: 'busybox' as const };
  const room = { promisableBytes: 2 ** 40 };
  await adapters.volumes.create(volumeId, { bytes: 2 ** 20, inodes: 1024 });
  for (const id of [snapshotId, keptId]) await adapters.volumes.snapshot(volumeId, id);
  store.write('STORE:TEST', () => {
    const name = { tenantId: uuidv7(), name: 'web-1', hostname: 'web-1', idBase: 1_879_048_192, address: '10.1.2.2' };
    const owner = { ownerAction: 'some.1.action' };
    store.containers.insertPreparing({ id: containerId, ...name, volumeId, template, resources, ...owner });
    store.volumes.insertPreparing({ id: volumeId, containerId, ...owner, bytes: 1, inodes: 1, layers: [] }, room);
    const facts = { template, resources, hostname: 'web-1', reservedBytes: 1, ...owner };
    store.volumes.insertSnapshot({ id: snapshotId, containerId, volumeId, kept: false, ...facts }, room);
    store.volumes.insertSnapshot({ id: keptId, containerId, volumeId, kept: true, ...facts }, room);
    for (const id of [snapshotId, keptId]) store.volumes.markSnapshotPresent(id, 1);
  });
  const hours = (n: number) => new Date(Date.now() + n * 3_600_000);

  await expireSnapshots(core, hours(23));
  expect(store.volumes.findSnapshot(snapshotId)).toBeDefined();

  await locks.run(uploadLock(containerId), { cancellable: true }, async () => expireSnapshots(core, hours(25)));
  expect(store.volumes.findSnapshot(snapshotId)).toBeDefined();

  await expireSnapshots(core, hours(25));
  expect(store.volumes.findSnapshot(snapshotId)).toBeUndefined();
  expect(adapters.volumes.listSnapshots()).toEqual([keptId]);
});
