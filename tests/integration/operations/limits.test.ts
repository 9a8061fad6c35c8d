/** Limits under 50 requests at once: exactly as many as there is room for, in the plan and in the pool. */

import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createContainer } from '#lib/containers/create.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { withActor } from '#lib/db/client.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { smallResources } from '../../support/portal.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const GiB = 1024 ** 3;
const requests = 50;
let bench: SimBench;
beforeAll(async () => {
  bench = await startSimBench();
});
afterAll(async () => {
  await bench?.stop();
});

async function planOf(change: Partial<typeof plans.$inferInsert>): Promise<string> {
  const id = uuidv7();
  const limits = { maxBackups: 1, maxForwards: 0, retentionHours: 24 };
  await withActor(bench.portal.super, systemActor('test'), (tx) =>
    tx.insert(plans).values({ id, name: id, resources: smallResources, ...limits, ...change }),
  );
  return id;
}

/** Fifty at once; those that were taken on, and the codes of the refusals. */
async function rush(planId: string, name: string) {
  const ask = (n: number) =>
    createContainer(bench.admin, {
      name: `${name}-${n}`,
      tenantId: bench.world.ids.a,
      planId,
      templateId: bench.templateIds.tiny,
      hostId: bench.host.made.hostId,
      sshKeys: [],
      start: false,
    });
  const answers = await Promise.allSettled(Array.from({ length: requests }, (_, n) => ask(n)));
  const taken: Operation[] = [];
  const refused: string[] = [];
  for (const answer of answers) {
    if (answer.status === 'fulfilled') taken.push(answer.value);
    else if (answer.reason instanceof BerthError) refused.push(answer.reason.code);
    else throw answer.reason;
  }
  return { taken, refused };
}

it('a plan gives as many containers as it says', async () => {
  const { taken, refused } = await rush(await planOf({ maxContainers: 7 }), 'plan');
  expect(taken).toHaveLength(7);
  expect(refused).toEqual(Array(requests - 7).fill('plan_limit'));
  console.log(`limits: 7 of 7 places of the plan given to ${requests} askers`);
});

it('a pool promises as many bytes as it has, whatever the portal believes', async () => {
  const { core } = bench.host;
  const diskBytes = 4 * GiB;
  const planId = await planOf({ resources: { ...smallResources, diskBytes } });
  const { sizeBytes } = core.adapters.volumes.pool();
  const layers = core.adapters.layers.list().reduce((sum, layer) => sum + layer.bytes, 0);
  const promisable = sizeBytes - core.config.poolReserveBytes - layers;
  // The portal is told of a pool without end, so that all fifty reach the host.
  await bench.portal.super.$client.query(
    `update hosts set info = jsonb_set(info, '{pool,sizeBytes}', to_jsonb(1e15::bigint)) where id = $1`,
    [bench.host.made.hostId],
  );
  const { taken } = await rush(planId, 'pool');
  expect(taken).toHaveLength(requests);
  const done = await Promise.all(taken.map((one) => bench.run(one)));
  const made = done.filter((one) => one.state === 'succeeded').length;
  const room = Math.floor(promisable / diskBytes);
  expect(made).toBe(room);
  expect(done.filter((one) => one.state === 'failed' && one.error?.code === 'no_space')).toHaveLength(requests - room);
  await bench.host.settle();
  expect(core.store.volumes.reservedBytes()).toBe(room * diskBytes);
  console.log(`limits: ${made} of ${room} volumes of 4 GiB promised to ${requests} askers`);
});

it('a plan offers systems to reinstall with, and the one a container has always', async () => {
  const planId = await planOf({ templates: ['tiny'] });
  const created = await createContainer(bench.admin, {
    ...{ name: 'offered', tenantId: bench.world.ids.a, planId, hostId: bench.host.made.hostId },
    ...{ templateId: bench.templateIds.debian, sshKeys: [], start: false },
  });
  const id = (await bench.run(created)).containerId ?? '';
  const reinstall = (templateId?: string) =>
    reinstallContainer(bench.owner, id, {
      keepOld: false,
      reset: false,
      ...(templateId === undefined ? {} : { templateId }),
    });
  expect((await bench.run(await reinstall())).state).toBe('succeeded');
  expect((await bench.run(await reinstall(bench.templateIds.tiny))).state).toBe('succeeded');
  await expect(reinstall(bench.templateIds.debian)).rejects.toMatchObject({ code: 'plan_limit' });
});
