/** A pool that is almost full: files kept for undo go before their time, the oldest first and one at a time, and their owners are told. */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createContainer } from '#lib/containers/create.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { getContainer } from '#lib/containers/get.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { withActor } from '#lib/db/client.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { listOperations } from '#lib/operations/list.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { type Bench, ended, startBench, succeeded } from '#tests/support/operations.ts';
import { smallResources } from '#tests/support/portal.ts';

const MiB = 1024 ** 2;
let bench: Bench;
let id: string;

beforeAll(async () => {
  bench = await startBench('real');
  const { world, admin, portal } = bench;
  await withActor(portal.super, systemActor('test'), (tx) =>
    tx
      .update(plans)
      .set({ resources: { ...smallResources, diskBytes: 256 * MiB } })
      .where(eq(plans.id, world.ids.plan)),
  );
  const input = { tenantId: world.ids.a, planId: world.ids.plan, templateId: world.ids.template, sshKeys: [] };
  const made = await succeeded(admin, await createContainer(admin, { ...input, name: 'kept', start: true }));
  id = made.containerId ?? '';
});
afterAll(async () => {
  await bench?.stop();
});

const filler = () => join(bench.agent.config.poolPath, 'filler');
/** Leaves so many bytes of the pool free. */
function leave(bytes: number): void {
  rmSync(filler(), { force: true });
  const { bavail, bsize } = statfsSync(bench.agent.config.poolPath);
  execFileSync('fallocate', ['-l', String(bavail * bsize - bytes), filler()]);
}
const sh = async (script: string) =>
  (await execInContainer(bench.owner, id, { argv: ['/bin/sh', '-c', script], timeoutMs: 30_000 })).stdout.trim();
const mails = () =>
  withActor(bench.portal.super, systemActor('test'), (tx) => tx.select().from(outbox).orderBy(outbox.createdAt));

it('releases the oldest early, with a mail to its owner, and an undo of the other works below the reserve', async () => {
  const reserve = bench.agent.config.poolReserveBytes;
  const done = [];
  for (const name of ['first', 'second']) {
    await sh(`echo ${name} >/root/note`);
    done.push(
      await succeeded(bench.owner, await reinstallContainer(bench.owner, id, { keepOld: false, reset: false })),
    );
  }
  expect((await getContainer(bench.owner, id)).retained).toHaveLength(2);
  const before = await mails();

  leave(reserve + reserve / 2);
  const kept = async () => (await getContainer(bench.owner, id)).retained.map(({ operationId }) => operationId);
  await expect.poll(kept, { timeout: 120_000, interval: 500 }).toEqual([done[1]?.id]);
  // What was released frees its blocks a moment later; only then does it stay below the reserve.
  const images = () => readdirSync(join(bench.agent.config.poolPath, 'volumes'));
  await expect.poll(images, { timeout: 30_000 }).toHaveLength(2);
  leave(reserve - 8 * MiB);
  const keptOld = await reinstallContainer(bench.owner, id, { keepOld: true, reset: false });
  expect(await ended(bench.owner, keptOld)).toMatchObject({ state: 'failed', error: { code: 'no_space' } });
  await succeeded(bench.owner, await undoOperation(bench.owner, done[1]?.id ?? ''));
  expect(await sh('cat /root/note')).toBe('second');

  const [release] = (await listOperations(bench.owner, { kind: 'confirm' })).items;
  expect(release).toMatchObject({
    state: 'succeeded',
    result: { early: true, reason: expect.stringContaining('storage') },
  });
  const sent = (await mails()).slice(before.length);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ recipient: bench.owner.email, subject: expect.stringContaining('kept') });
  expect(sent[0]?.body).toContain('before their time');
  console.log('early release: the older of 2 went, 1 of 1 mails, undo of the other below the reserve succeeded');
});
