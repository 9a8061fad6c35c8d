/** A cancel takes effect within a long step: on the real agent, with enough data that copying it takes a while. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { createContainer } from '#lib/containers/create.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { getContainer } from '#lib/containers/get.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { withActor } from '#lib/db/client.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { cancelOperation } from '#lib/operations/cancel.ts';
import { getOperation } from '#lib/operations/get.ts';
import { type Bench, ended, startBench, succeeded } from '#tests/support/operations.ts';
import { smallResources } from '#tests/support/portal.ts';

const MiB = 1024 ** 2;
let bench: Bench;
let id: string;
let reservedBytes: number;

beforeAll(async () => {
  bench = await startBench('real');
  const { world, admin, portal, agent } = bench;
  await withActor(portal.super, systemActor('test'), (tx) =>
    tx
      .update(plans)
      .set({ resources: { ...smallResources, diskBytes: 700 * MiB } })
      .where(eq(plans.id, world.ids.plan)),
  );
  const input = { tenantId: world.ids.a, planId: world.ids.plan, templateId: world.ids.template, sshKeys: [] };
  const made = await succeeded(admin, await createContainer(admin, { ...input, name: 'large', start: true }));
  id = made.containerId ?? '';
  await agent.sh(id, 'for i in 1 2 3 4; do head -c 100000000 /dev/urandom >/root/f$i; done; sync');
  reservedBytes = (await agent.host()).pool.reservedBytes;
});
afterAll(async () => {
  await bench?.stop();
});

const sh = async (script: string) =>
  (await execInContainer(bench.owner, id, { argv: ['/bin/sh', '-c', script], timeoutMs: 30_000 })).stdout.trim();
const step = (operation: Operation, name: string) => operation.steps.find((one) => one.name === name);

/** Cancels while the named step copies, and tells how long it took from asking to the end. */
async function cancelDuring(asked: Operation, name: string): Promise<{ done: Operation; tookMs: number }> {
  await expect
    .poll(async () => step(await getOperation(bench.owner, asked.id), name)?.percent ?? 0, {
      timeout: 60_000,
      interval: 20,
    })
    .toBeGreaterThan(0);
  const since = Date.now();
  await cancelOperation(bench.owner, asked.id);
  const done = await ended(bench.owner, asked, 120_000);
  return { done, tookMs: Date.now() - since };
}

const repository = () => {
  const tenants = join(bench.agent.config.backupRoot, 'default/tenants');
  return join(tenants, readdirSync(tenants)[0] ?? '');
};
const left = () => [...readdirSync(join(repository(), 'snapshots')), ...readdirSync(join(repository(), 'locks'))];

it('of a backup that copies: ends as cancelled, soon, and leaves nothing at the location', async () => {
  const { done, tookMs } = await cancelDuring(await createBackup(bench.owner, id, { note: 'cancelled' }), 'upload');
  console.log(`cancelled backup: ${tookMs} ms from asking to everything undone`);
  expect(done).toMatchObject({ state: 'cancelled', error: null });
  expect(step(done, 'upload')?.state).toBe('undone');
  expect(step(done, 'verify')?.state).toBe('pending');
  expect(left()).toEqual([]);
  const bytes = Number(
    execFileSync('du', ['-sb', join(repository(), 'data')])
      .toString()
      .split('\t')[0],
  );
  expect(bytes).toBeLessThan(10 * MiB);
  expect((await bench.agent.host()).pool.reservedBytes).toBe(reservedBytes);
  expect((await bench.agent.item(id))?.power).toBe('running');
});

it('of a restore that copies: ends as cancelled, and the container is as it was', async () => {
  await succeeded(bench.owner, await createBackup(bench.owner, id, { note: 'whole' }), 180_000);
  const backup = (await listBackups(bench.owner, id, {})).items.find(({ state }) => state === 'complete');
  await sh('echo newer >/root/note');
  const before = await getContainer(bench.owner, id);
  const { done, tookMs } = await cancelDuring(await restoreBackup(bench.owner, backup?.id ?? ''), 'fetch');
  console.log(`cancelled restore: ${tookMs} ms from asking to everything undone`);
  expect(done).toMatchObject({ state: 'cancelled', error: null });
  expect(await sh('cat /root/note')).toBe('newer');
  const after = await getContainer(bench.owner, id);
  expect(after.retained).toEqual(before.retained);
  expect((await bench.agent.host()).pool.reservedBytes).toBe(reservedBytes);
  expect(readdirSync(join(repository(), 'locks'))).toEqual([]);
  await succeeded(bench.owner, await restoreBackup(bench.owner, backup?.id ?? ''), 180_000);
});
