/**
 * A worker that is killed, one that is only paused and wakes later, one that takes over from both, and PostgreSQL killed a
 * few times meanwhile. The long suites (tests/long/workers) do each of these everywhere.
 */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { setAccess } from '#lib/containers/access.ts';
import { createContainer } from '#lib/containers/create.ts';
import { withActor } from '#lib/db/client.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { workers } from '#lib/db/schema/services.ts';
import { cutEverywhere } from '#tests/support/cuts.ts';
import { Cutter } from '#tests/support/cutter.ts';
import { Halts } from '#tests/support/halts.ts';
import { type Bench, startBench, succeeded } from '#tests/support/operations.ts';
import { container } from '#tests/support/scenarios.ts';

const waiting = { timeout: 60_000, interval: 100 };
let bench: Bench;
let halts: Halts;
let line: Cutter;
const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) =>
  withActor(bench.portal.super, systemActor('test'), work);

beforeAll(async () => {
  bench = await startBench('sim', { durable: true });
  halts = await Halts.install(bench.portal.pg.superUrl);
  line = await Cutter.start(bench.agent.port);
  const address = `https://127.0.0.1:${line.port}`;
  await asSystem((tx) => tx.update(hosts).set({ address }).where(eq(hosts.id, bench.agent.hostId)));
});
afterAll(async () => {
  await line?.stop();
  await halts?.close();
  await bench?.stop();
});

it('what dead and paused workers left is done once, by who is left, and who wakes has no effect', async () => {
  const id = await container(bench);
  const [paused, killed, left] = [bench.worker, bench.addWorker(), bench.addWorker()];
  // The first has sent its order, which is on its way for as long as we like.
  line.arm();
  await expect.poll(() => line.pieces.filter(({ direction }) => direction === 'up').length, waiting).toBeGreaterThan(2);
  line.holdLarger();
  const sshKeys = Array.from(
    { length: 50 },
    (_, n) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA ${'key-'.repeat(30)}${n}`,
  );
  const onTheWay = await setAccess(bench.owner, id, { sshKeys });
  await expect.poll(() => line.held, waiting).toBe(1);
  process.kill(paused.pid, 'SIGSTOP');
  line.holdNoMore();
  // The second dies when the host has done everything and nobody has written that down.
  await killed.start();
  const { ids } = bench.world;
  const input = { tenantId: ids.a, planId: ids.plan, templateId: ids.template, sshKeys: [] };
  // Nobody asks the host how it is while the first worker stands still: it is chosen when the second has.
  const create = () => createContainer(bench.admin, { ...input, name: 'half-done', start: true });
  const halfDone = await vi.waitFor(create, { timeout: 60_000, interval: 1000 });
  await halts.set(halfDone.id, 'after prepare');
  await halts.reached([halfDone.id]);
  await left.start();
  await killed.stop('SIGKILL');
  await halts.cut();
  await halts.lift();
  const killedAt = Date.now();
  for (const signal of ['SIGKILL', 'SIGQUIT', 'SIGKILL'] as const) await bench.portal.pg.crash(signal);

  for (const asked of [onTheWay, halfDone]) await succeeded(bench.admin, asked, 120_000);
  console.log(
    `taken over and done ${(Date.now() - killedAt) / 1000} s after the kill, PostgreSQL killed 3 times meanwhile`,
  );
  const rows = await asSystem((tx) => tx.select().from(workers).orderBy(workers.lease));
  expect(rows.map(({ takenBy }) => takenBy !== null)).toEqual([true, true, false]);

  line.release();
  process.kill(paused.pid, 'SIGCONT');
  await expect.poll(() => paused.ended, waiting).toBe(1);
  expect(paused.log).toContain('another worker has taken over');
  await expect.poll(() => bench.agent.log, waiting).toContain('refused');
  expect(bench.agent.effectsOf(onTheWay.id)).toEqual({ [`${onTheWay.id}.1.access`]: 1 });
  expect(bench.agent.effectsOf(halfDone.id)).toEqual({
    [`${halfDone.id}.1.prepare`]: 1,
    [`${halfDone.id}.1.start`]: 1,
  });
  expect(left.ended).toBeUndefined();
  const after = await asSystem((tx) => tx.select().from(operations));
  expect(after.map(({ state }) => state).filter((state) => state !== 'succeeded')).toEqual([]);
});

it('an order has its effect once, wherever the line to the host is cut', async () => {
  const cuts = await cutEverywhere(bench.agent, await bench.agent.template(), 'container.restart');
  console.log(`network cut: ${cuts} of ${cuts} restarts ended with their result and exactly one effect`);
  expect(cuts).toBeGreaterThanOrEqual(10);
});
